// error: static assertion failed.*a fixture is made by awaitest: its type cannot be abstract
#include <awaitest/awaitest.hpp>

struct abstract_store {
  virtual ~abstract_store() = default;
#ifdef FIXED
  virtual int get() { return 0; }
#else
  virtual int get() = 0;
#endif
};

TEST_F("a fixture that is abstract", (abstract_store & store)) { CHECK(store.get() == 0); }
