#pragma once
#include "../fixture/store.hpp"
#include "../impl/spawn.hpp"
#include "../mock/core.hpp"
