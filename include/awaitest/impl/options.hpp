// Options as an author writes them, made those that a test runs with.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "../author/check/print.hpp"
#include "../author/test/options.hpp"
#include "../model/options.hpp"
#include "../search/token.hpp"

namespace awaitest {

void option_set::add(std::initializer_list<option> given) {
  const auto append = [](std::vector<std::string>& to, const option& from) {
    for (const auto text : from.text)
      if (!text.empty() && std::find(to.begin(), to.end(), text) == to.end()) to.emplace_back(text);
  };
  for (const auto& one : given) {
    switch (one.what) {
      case option::kind::none: break;
      case option::kind::tag:
        for (const auto text : one.text)
          if (text.find_first_of(std::string_view{"\0\n\r\x01", 4}) != std::string_view::npos)
            errors.push_back(
                fmt::format("tag({}): a tag holds no control characters", detail::text_of(text)));
        append(tags, one);
        break;
      case option::kind::resource: append(resources, one); break;
      case option::kind::timeout:
        if (one.number < 0) {
          std::string limit;
          detail::put_duration(limit, static_cast<long long>(one.number), 1, 1'000'000'000);
          errors.push_back(fmt::format("timeout({}): a timeout is not negative; 0 means none", limit));
        }
        timeout = one.number;
        break;
      case option::kind::serial: serial = true; break;
      case option::kind::skip:
        skipped = true;
        skip_reason = one.text[0];
        break;
      case option::kind::should_fail:
        should_fail = true;
        failure_reason = one.text[0];
        break;
      case option::kind::retries:
        if (one.number < 0)
          errors.push_back(
              fmt::format("retries({}): give how many more attempts there may be, at least 0", one.number));
        retries = one.number;
        break;
      case option::kind::repeat:
        if (one.number < 1)
          errors.push_back(fmt::format("repeat({}): give how many times it runs, at least 1", one.number));
        repeat = one.number;
        break;
      case option::kind::uses:
        if (std::find(fixtures.begin(), fixtures.end(), one.fixture) == fixtures.end())
          fixtures.push_back(one.fixture);
        break;
      case option::kind::isolated: isolated = true; break;
      case option::kind::virtual_time:
        time = one.text[0].empty() ? test_time::jumping : test_time::manual;
        start = one.number;
        break;
      case option::kind::real_time: time = test_time::real; break;
      case option::kind::explore:
        if (one.number < 1)
          errors.push_back(
              fmt::format("explore({}): give how many schedules it tries, at least 1", one.number));
        schedules = one.number;
        exhaustive = !one.text[0].empty();
        posts_reordered = !one.text[1].empty();
        break;
      case option::kind::replay:
        replayed = one.text[0];
        if (detail::token_reader reads{one.text[0]}; !reads.read())
          errors.push_back(fmt::format("replay({}): {}", detail::text_of(one.text[0]), reads.error()));
        break;
      case option::kind::allow_leaks: allow_leaks = true; break;
      case option::kind::closed_world: closed_world = true; break;
    }
  }
}

void detail::add_options(option_set& to, std::initializer_list<given_option> given) {
  for (const auto& one : given) to.add({one.value});
}

}  // namespace awaitest
