// Where an exception comes from, for a report: the functions it has come through, by their names.
#pragma once

#include <exception>
#include <utility>
#include <vector>

#include "../model/event.hpp"
#include "code_names.hpp"
#include "exceptions.hpp"
#include "thrown_frames.hpp"

namespace awaitest::detail {

/// The functions that the innermost exception has come through; of a limit also the coroutines that it was for.
inline void tell_origin(const std::exception_ptr& what, failure& of) {
  std::vector<const void*> points, work;
  for (auto one = what; one; one = detail::nested_in(one)) {
    auto found = thrown_frames::instance().of(detail::object_of(one));
    if (found.empty()) continue;
    points = std::move(found);
    work = thrown_frames::instance().work_of(detail::object_of(one));
  }
  auto& names = code_names::instance();
  auto all = points;
  all.insert(all.end(), work.begin(), work.end());
  names.learn(all);
  of.thrown = names.of_calls(points);
  of.work = names.of_coroutines(work);
}

}  // namespace awaitest::detail
