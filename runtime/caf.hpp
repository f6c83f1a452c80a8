// What differs between CAF 0.17.6 (Debian, Ubuntu) and CAF 1.1, and nothing else. An actor is a
// plain class with named steps; this page turns it into an actor of either version.
#pragma once

#include "runtime/log.hpp"
#include "runtime/mailbox_depth.hpp"

#include <caf/all.hpp>

#include <concepts>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#if defined(CAF_VERSION_MAJOR) && CAF_VERSION_MAJOR >= 1
#define CALLBOARD_CAF_1 1
#else
#define CALLBOARD_CAF_1 0
#endif

// -- messages -------------------------------------------------------------------------------------

// CALLBOARD_MESSAGE(type, field...): names the fields that traces show. Messages never leave the
// process, so fields that cannot be printed (shared bytes) may be left out. At most eight.
#define CALLBOARD_EACH_1(m, a) m(a)
#define CALLBOARD_EACH_2(m, a, ...) m(a), CALLBOARD_EACH_1(m, __VA_ARGS__)
#define CALLBOARD_EACH_3(m, a, ...) m(a), CALLBOARD_EACH_2(m, __VA_ARGS__)
#define CALLBOARD_EACH_4(m, a, ...) m(a), CALLBOARD_EACH_3(m, __VA_ARGS__)
#define CALLBOARD_EACH_5(m, a, ...) m(a), CALLBOARD_EACH_4(m, __VA_ARGS__)
#define CALLBOARD_EACH_6(m, a, ...) m(a), CALLBOARD_EACH_5(m, __VA_ARGS__)
#define CALLBOARD_EACH_7(m, a, ...) m(a), CALLBOARD_EACH_6(m, __VA_ARGS__)
#define CALLBOARD_EACH_8(m, a, ...) m(a), CALLBOARD_EACH_7(m, __VA_ARGS__)
#define CALLBOARD_PICK(_1, _2, _3, _4, _5, _6, _7, _8, name, ...) name
#define CALLBOARD_EACH(m, ...)                                                                     \
  CALLBOARD_PICK(__VA_ARGS__, CALLBOARD_EACH_8, CALLBOARD_EACH_7, CALLBOARD_EACH_6,                \
                 CALLBOARD_EACH_5, CALLBOARD_EACH_4, CALLBOARD_EACH_3, CALLBOARD_EACH_2,           \
                 CALLBOARD_EACH_1, _)                                                              \
  (m, __VA_ARGS__)

#if CALLBOARD_CAF_1
#define CALLBOARD_FIELD(name) callboard::trace_field(f, #name, x.name)
#define CALLBOARD_MESSAGE(type, ...)                                                               \
  friend bool operator==(const type&, const type&) = default;                                      \
  template <class Inspector>                                                                       \
  friend bool inspect(Inspector& f, type& x) {                                                     \
    return f.object(x).fields(__VA_OPT__(CALLBOARD_EACH(CALLBOARD_FIELD, __VA_ARGS__)));           \
  }
#else
#define CALLBOARD_FIELD(name) x.name
#define CALLBOARD_MESSAGE(type, ...)                                                               \
  friend bool operator==(const type&, const type&) = default;                                      \
  template <class Inspector>                                                                       \
  friend typename Inspector::result_type inspect(Inspector& f, [[maybe_unused]] type& x) {         \
    return f(caf::meta::type_name(#type)                                                           \
               __VA_OPT__(, CALLBOARD_EACH(CALLBOARD_FIELD, __VA_ARGS__)));                        \
  }
#endif

namespace callboard {

#if CALLBOARD_CAF_1
/// CAF 1 wants an overload for each enumeration; a trace is content with its number.
template <class Inspector, class T>
auto trace_field(Inspector& f, std::string_view name, T& value) {
  if constexpr (std::is_enum_v<T>) {
    using number = std::underlying_type_t<T>;
    return f.field(
      name, [&value] { return static_cast<number>(value); },
      [&value](number given) {
        value = static_cast<T>(given);
        return true;
      });
  } else {
    return f.field(name, value);
  }
}
#endif

// -- interfaces -----------------------------------------------------------------------------------

#if CALLBOARD_CAF_1
template <class... Messages>
using takes = caf::typed_actor<caf::result<void>(Messages)...>;
#else
/// The interface of an actor: the messages that it takes. None is answered by a returned value
/// (caf.md section 2: a returned error would kill the sender).
template <class... Messages>
using takes = caf::typed_actor<caf::reacts_to<Messages>...>;
#endif

// -- sending --------------------------------------------------------------------------------------

/// Sends from one actor to another. An empty handle is a peer that is not there: nothing happens.
template <class Self, class Handle, class Message>
void tell(Self* self, const Handle& to, Message&& what) {
  if (!to)
    return;
#if CALLBOARD_CAF_1
  self->mail(std::forward<Message>(what)).send(to);
#else
  self->send(to, std::forward<Message>(what));
#endif
}

/// The same after `delay` of the actor system's clock (virtual in tests).
template <class Self, class Handle, class Delay, class Message>
void tell_after(Self* self, Delay delay, const Handle& to, Message&& what) {
#if CALLBOARD_CAF_1
  self->mail(std::forward<Message>(what)).delay(delay).send(to);
#else
  self->delayed_send(to, delay, std::forward<Message>(what));
#endif
}

/// Sends from a thread that is no actor.
template <class Handle, class Message>
void tell_from_outside(const Handle& to, Message&& what) {
  if (!to)
    return;
#if CALLBOARD_CAF_1
  caf::anon_mail(std::forward<Message>(what)).send(to);
#else
  caf::anon_send(to, std::forward<Message>(what));
#endif
}

/// Ends another actor, after the messages that it has already.
template <class Handle>
void stop(const Handle& whom, caf::exit_reason why = caf::exit_reason::user_shutdown) {
  if (whom)
    caf::anon_send_exit(whom, why);
}

// -- actors from plain classes --------------------------------------------------------------------
//
// A State has:  using interface = takes<…>;                         what it takes
//               static inline const char* name = "callboard.room";  for traces
//               State(interface::pointer self, args…)
//               interface::behavior_type make_behavior()            the table, one line per
//               message;
//                                                                   see running() for a shared one
//               void on_down(const caf::actor_addr& whom)           optional, with watch()

template <class State>
concept notices_down = requires(State& state, const caf::actor_addr& whom) {
  state.on_down(whom);
};

/// Logs the exception that ends an actor. Its supervisor learns of the end by watch().
inline void log_crash(const char* name, const std::exception_ptr& problem) {
  try {
    std::rethrow_exception(problem);
  } catch (const std::exception& e) {
    log(log_level::error, std::string{"actor crashed: actor="} + name + " why=" + e.what());
  } catch (...) {
    log(log_level::error, std::string{"actor crashed: actor="} + name + " why=unknown");
  }
}

/// The actor around a State. The state dies with the actor, not with its last handle, so that
/// cycles of handles never keep anything alive.
template <class State>
class state_actor : public State::interface::base {
public:
  using base = typename State::interface::base;

  template <class... Args>
  explicit state_actor(caf::actor_config& config, Args&&... args) : base(config) {
#if !CALLBOARD_CAF_1
    if constexpr (notices_down<State>)
      this->set_down_handler([this](const caf::down_msg& down) {
        if (state)
          state->on_down(down.source);
      });
#endif
    this->set_exception_handler(
      [](caf::scheduled_actor*, std::exception_ptr& problem) -> caf::error {
        log_crash(State::name, problem);
        return caf::make_error(caf::sec::runtime_error);
      });
    state.emplace(this, std::forward<Args>(args)...);
  }

  [[nodiscard]] const char* name() const override {
    return State::name;
  }

  typename base::behavior_type make_behavior() override {
    return state->make_behavior();
  }

  void on_exit() override {
    state.reset();
  }

#if CALLBOARD_CAF_1
  caf::resumable::resume_result resume(caf::scheduler* where, std::size_t most) override {
    running = state ? &*state : nullptr;
    return base::resume(where, most);
  }
#else
  /// A turn begins: only its owner may look into a mailbox. Peeking makes CAF fetch what has
  /// arrived; mailbox_type::size() would as well, but its inline casts stop UBSan.
  caf::resumable::resume_result resume(caf::execution_unit* where, std::size_t most) override {
    if (mailboxes().watched() && this->peek_at_next_mailbox_element() != nullptr)
      mailboxes().note(State::name, this->mailbox().queue().total_task_size());
    running = state ? &*state : nullptr;
    return base::resume(where, most);
  }
#endif

  std::optional<State> state;
  static inline thread_local State* running = nullptr; ///< During a turn: of this thread's actor.
};

/// The state of the actor whose handler runs: for a table of behaviour that is made once and that
/// all actors of a kind share. A table of its own costs each of them 40 bytes for a message.
template <class State>
[[nodiscard]] State& running() {
  return *state_actor<State>::running;
}

/// Starts an actor on the scheduler's threads.
template <class State, class... Args>
typename State::interface start(caf::actor_system& system, Args&&... args) {
  return system.spawn<state_actor<State>>(std::forward<Args>(args)...);
}

/// Starts an actor with a thread of its own: for blocking calls only.
template <class State, class... Args>
typename State::interface start_detached(caf::actor_system& system, Args&&... args) {
  return system.spawn<state_actor<State>, caf::detached>(std::forward<Args>(args)...);
}

/// Calls state->on_down(address) when `whom` has ended, for whatever reason; at once if it has
/// already.
template <class Self, class State, class Handle>
void watch(Self* self, [[maybe_unused]] State* state, const Handle& whom) {
#if CALLBOARD_CAF_1
  self->monitor(whom,
                [state, address = whom.address()](const caf::error&) { state->on_down(address); });
#else
  self->monitor(whom);
#endif
}

/// The state behind a handle, for tests and checkers under the deterministic scheduler only. Null
/// after the actor's end.
template <class State>
State* state_of(const typename State::interface& actor) {
  if (!actor)
    return nullptr;
  auto* self = static_cast<state_actor<State>*>(caf::actor_cast<caf::abstract_actor*>(actor));
  return self->state ? &*self->state : nullptr;
}

// -- systems --------------------------------------------------------------------------------------

/// An actor that has done so many lets others go first: measured, without a bound a busy neighbour
/// adds 220 ms (caf.md section 3).
inline constexpr std::size_t messages_per_turn = 50;

/// `sharing`: measured, work stealing burns 19 % of a core at 20 messages a second; a bounded
/// number of messages per turn: measured, without it a busy neighbour adds 220 ms (caf.md section
/// 3).
inline void set_scheduler(caf::actor_system_config& config, std::size_t threads) {
#if CALLBOARD_CAF_1
  config.set("caf.scheduler.policy", "sharing");
  config.set("caf.scheduler.max-threads", threads);
  config.set("caf.scheduler.max-throughput", messages_per_turn);
#else
  config.set("scheduler.policy", caf::atom("sharing"));
  config.set("scheduler.max-threads", threads);
  config.set("scheduler.max-throughput", messages_per_turn);
#endif
}

/// Registers a type-id block; before the first actor system of the process.
template <class Block>
void register_messages() {
#if CALLBOARD_CAF_1
  static const bool once =
    (caf::core::init_global_meta_objects(), caf::init_global_meta_objects<Block>(), true);
  (void)once;
#endif
}

} // namespace callboard
