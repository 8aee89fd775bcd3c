#pragma once
#include "../author/macros.hpp"
#include "../loop/loop.hpp"
