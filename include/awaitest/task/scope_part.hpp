// A part of a scope that another room keeps in it.
#pragma once

namespace awaitest::detail {

/// Owned by its scope, and made the first time that it is asked for: see test_scope::part. The scope knows nothing of what
/// it is for. Both calls come on the loop's thread.
class scope_part {
 public:
  explicit scope_part(const void* kind) noexcept : kind_{kind} {}
  scope_part(const scope_part&) = delete;
  scope_part& operator=(const scope_part&) = delete;
  virtual ~scope_part() = default;

  /// Nothing of the scope can go on by itself, and nobody waits for that in settle(). True when it can now.
  virtual bool at_rest() = 0;
  /// The scope's last phase; called again when what is outstanding then ends.
  virtual void at_end() = 0;

  /// The address of its type's `kind`.
  const void* kind() const noexcept { return kind_; }

 private:
  const void* kind_;
};

}  // namespace awaitest::detail
