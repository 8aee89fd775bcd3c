#pragma once
#include "../fixture/store.hpp"
#include "../loop/loop.hpp"
