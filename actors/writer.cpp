// A store call for each kind of job; nothing here decides anything.
#include "actors/writer.hpp"

#include <memory>
#include <utility>

namespace callboard {

namespace {

// -- state ----------------------------------------------------------------------------------------

struct writer_state {
  using interface = writer_actor;
  static inline constexpr const char* name = "callboard.writer";

  writer_state(writer_actor::pointer self, store_ptr store)
    : self{self}, database{std::move(store)} {}

  void carry_out(const store_job& msg);
  [[nodiscard]] job_result call(const job& what);
  writer_actor::behavior_type make_behavior();

  writer_actor::pointer self;
  store_ptr database;
};

// -- steps ----------------------------------------------------------------------------------------

template <class T>
job_result result_of(outcome<T> what) {
  return std::visit([](auto& x) -> job_result { return std::move(x); }, what);
}

job_result writer_state::call(const job& what) {
  if (const auto* batch = std::get_if<batch_ptr>(&what))
    return result_of(database->append(**batch));
  if (const auto* open = std::get_if<store_open>(&what))
    return result_of(database->open(open->room));
  if (const auto* claim = std::get_if<std::shared_ptr<const name_claim>>(&what))
    return result_of(database->claim_name(**claim));
  return result_of(database->ping());
}

void writer_state::carry_out(const store_job& msg) {
  tell(self, msg.persistence,
       job_done{msg.ticket, std::make_shared<const job_result>(call(msg.what))});
}

// -- behaviour ------------------------------------------------------------------------------------

writer_actor::behavior_type writer_state::make_behavior() {
  return {
    [this](const store_job& msg) { carry_out(msg); },
  };
}

} // namespace

writer_actor start_writer(caf::actor_system& system, store_ptr store, bool detached) {
  if (detached)
    return start_detached<writer_state>(system, std::move(store));
  return start<writer_state>(system, std::move(store));
}

} // namespace callboard
