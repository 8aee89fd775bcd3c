#pragma once
#include <functional>
#include "../loop/loop.hpp"
#include "../report/console.hpp"
