#pragma once
#include <awaitest/author/macros.hpp>
#include "../model/plain.hpp"
