#pragma once
#include "../mock/core.hpp"
#include "../scope/lifecycle.hpp"
