#pragma once
#include <vector>  // [;
#include "../config.hpp"
#include "../author/macros.hpp"
  #  include <functional>
