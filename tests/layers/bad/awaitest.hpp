#pragma once
#include "author/macros.hpp"
#include <iostream>
#include "loop/loop.hpp"
