#pragma once
#include "model/plain.hpp"
