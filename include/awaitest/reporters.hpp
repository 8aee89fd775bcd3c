// For those who build on awaitest: awaitest::add_reporter and awaitest::add_listener, and the events that both are told
// (model/event.hpp; awaitest::event_version says which). A header of its own: tests do not need it.
#pragma once

#include "report/added_reporters.hpp"
