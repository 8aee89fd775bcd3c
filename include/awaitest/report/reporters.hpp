// The reporters, one table: what --reporter takes, and how each is made.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "../model/event.hpp"
#include "added_reporters.hpp"
#include "console.hpp"
#include "event_reporter.hpp"
#include "html.hpp"
#include "json.hpp"
#include "junit.hpp"
#include "output.hpp"
#include "tap.hpp"

namespace awaitest {

namespace reporting {

/// Any type with `void report(const event&)`.
template <class Reporter>
class reporter_of final : public event_reporter {
 public:
  template <class... Args>
  explicit reporter_of(Args&&... args) : reporter_(args...) {}
  void report(const event& what) override { reporter_.report(what); }
  void refresh() override {
    if constexpr (requires { reporter_.refresh(); }) reporter_.refresh();
  }

 private:
  Reporter reporter_;
};
template <class Reporter>
reporter_row row_of(const char* name, report_form form) {
  return {name, form, [](output& to, const report_style& style) -> std::unique_ptr<event_reporter> {
            if constexpr (std::is_constructible_v<Reporter, output&, const report_style&>)
              return std::make_unique<reporter_of<Reporter>>(to, style);
            else
              return std::make_unique<reporter_of<Reporter>>(to);
          }};
}

/// awaitest's own, then those that the program has added. The first one is the default.
inline std::vector<reporter_row> reporters() {
  std::vector<reporter_row> all{
      reporting::row_of<console_reporter>("console", report_form::for_people),
      reporting::row_of<junit_reporter>("junit", report_form::whole),
      reporting::row_of<tap_reporter>("tap", report_form::line_by_line),
      reporting::row_of<json_reporter>("json", report_form::line_by_line),
      reporting::row_of<html_reporter>("html", report_form::whole),
  };
  const auto& added = reporting::added_reporters();
  all.insert(all.end(), added.begin(), added.end());
  return all;
}

/// The one of a name that is known.
inline reporter_row find_reporter(const std::string& name) {
  auto all = reporting::reporters();
  return *std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
}

}  // namespace reporting
}  // namespace awaitest
