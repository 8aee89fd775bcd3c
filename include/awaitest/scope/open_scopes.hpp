// The wider scopes that a worker has open: its run and its suites, where their fixtures live.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "names.hpp"
#include "suite_scope.hpp"

namespace awaitest::detail {

/// Opened at their first test; a suite is closed after its last one, whatever is left at the end of the run. The worker's
/// thread only.
class open_scopes {
 public:
  /// Failures of a scope go to `sink`.
  open_scopes(loop& home, lifecycle::progress_queue& queue, suite_scope::failure_sink sink,
              std::uint64_t seed, std::int64_t timeout)
      : home_{home}, queue_{queue}, sink_{std::move(sink)}, seed_{seed}, timeout_{timeout} {}

  bool none() const { return closing_.empty() && suites_.empty() && !run_; }
  bool any_closing() const { return !closing_.empty(); }
  /// Whether a fixture or a child lives in any of them, `but` this one.
  bool any_in_use(const lifecycle* but = nullptr) const {
    const auto used = [&](const suite_scope& one) { return &one != but && one.in_use(); };
    return (run_ && used(*run_)) ||
           std::any_of(suites_.begin(), suites_.end(), [&](const auto& s) { return used(*s.second); });
  }
  template <class F>
  void for_each(F f) const {
    for (auto* scope : closing_) f(*scope);
    for (const auto& [ignored, scope] : suites_)
      if (!scope->closing()) f(*scope);
    if (run_ && !run_->closing()) f(*run_);
  }
  /// The first that is being closed and for which `f` is true; null: none.
  template <class F>
  suite_scope* find_closing(F f) const {
    const auto found = std::find_if(closing_.begin(), closing_.end(), [&](suite_scope* s) { return f(*s); });
    return found == closing_.end() ? nullptr : *found;
  }

  /// The suite's, opened if it is not open yet.
  suite_scope& suite_of(const suite* which, const std::string& name) {
    if (last_scope_ && last_suite_ == which) return *last_scope_;
    if (!run_) open(run_, "the run", scope::run, nullptr);
    auto& found = suites_[hash_suite(which)];
    if (!found) open(found, which ? "suite " + name : "the tests of no suite", scope::suite, &run_->store());
    last_suite_ = which;
    last_scope_ = found.get();
    return *found;
  }
  /// A test of the suite is over; `more` says whether another is to come. True when it is being closed. What nothing lives in stays open: it is free.
  template <class F>
  bool close_suite_unless(std::uint64_t hash, F more) {
    const auto suite = suites_.find(hash);
    if (suite == suites_.end() || !suite->second->in_use() || suite->second->closing()) return false;
    if (more()) return false;
    begin_closing(*suite->second);
    return true;
  }
  /// At the end of the run, one after the other, suites first. True while there is something to do.
  bool close_next() {
    if (!closing_.empty()) return false;
    if (!suites_.empty()) {
      begin_closing(*suites_.begin()->second);
      return true;
    }
    if (!run_) return false;
    begin_closing(*run_);
    return true;
  }
  /// It is over. True when it has left something behind on the io_context.
  bool closed(lifecycle& which) {
    const auto at = std::find(closing_.begin(), closing_.end(), &which);
    auto& scope = **at;
    const bool left = scope.left_something();
    scope.remove_temp_dir();
    closing_.erase(at);
    if (run_.get() == &scope)
      run_.reset();
    else
      std::erase_if(suites_, [&](const auto& one) { return one.second.get() == &scope; });
    return left;
  }

 private:
  void open(std::unique_ptr<suite_scope>& in, std::string name, scope level, fixture_store* wider) {
    in = std::make_unique<suite_scope>(home_, queue_, std::move(name), seed_, level, wider, timeout_, sink_);
  }
  void begin_closing(suite_scope& which) {
    if (last_scope_ == &which) last_scope_ = nullptr;
    closing_.push_back(&which);
    which.close();
  }

  loop& home_;
  lifecycle::progress_queue& queue_;
  suite_scope::failure_sink sink_;
  std::uint64_t seed_;
  std::int64_t timeout_;
  std::unique_ptr<suite_scope> run_;
  std::map<std::uint64_t, std::unique_ptr<suite_scope>> suites_;  // by the hash of the suite's name
  std::vector<suite_scope*> closing_;
  const suite* last_suite_ = nullptr;
  suite_scope* last_scope_ = nullptr;
};

}  // namespace awaitest::detail
