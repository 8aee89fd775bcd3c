#pragma once
#include "awaitest.hpp"
#include "report/console.hpp"
#include "run/run.hpp"
#include "run/lost.hpp"
