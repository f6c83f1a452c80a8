// Stand-ins for the actors and stores around the one under test.
#pragma once

#include "actors/messages.hpp"
#include "storage/memory_store.hpp"

#include <memory>
#include <utility>
#include <variant>
#include <vector>

namespace callboard::doubles {

template <class Reaction>
struct message_of;
template <class Message>
struct message_of<caf::reacts_to<Message>> {
  using type = Message;
};

/// An actor that answers nothing and keeps what it hears, in order.
template <class... Messages>
struct hearer {
  using interface = takes<Messages...>;
  using messages = std::vector<std::variant<Messages...>>;
  static inline constexpr const char* name = "double";

  hearer(typename interface::pointer self, std::shared_ptr<messages> heard)
    : self{self}, heard{std::move(heard)} {}

  typename interface::behavior_type make_behavior() {
    return {[this](const Messages& msg) { heard->emplace_back(msg); }...};
  }

  typename interface::pointer self;
  std::shared_ptr<messages> heard;
};

template <class Interface>
struct hearer_of;
template <class... Reactions>
struct hearer_of<caf::typed_actor<Reactions...>> {
  using type = hearer<typename message_of<Reactions>::type...>;
};
template <class Interface>
using heard_by = typename hearer_of<Interface>::type;

/// A handle for the actor under test, and what came to it.
template <class Interface>
struct listener {
  explicit listener(caf::actor_system& system) : actor{start<heard_by<Interface>>(system, heard)} {}

  /// The n-th message of one kind, from 0; a default one where there is none. By reference, because
  /// CAF's checks keep references to what they compare.
  template <class Message>
  [[nodiscard]] const Message& nth(std::size_t n) const {
    static const Message none{};
    for (const auto& msg : *heard)
      if (const auto* it = std::get_if<Message>(&msg); it != nullptr && n-- == 0)
        return *it;
    return none;
  }

  template <class Message>
  [[nodiscard]] const Message& last() const {
    return nth<Message>(count<Message>() - 1);
  }

  template <class Message>
  [[nodiscard]] std::size_t count() const {
    std::size_t sum = 0;
    for (const auto& msg : *heard)
      sum += std::holds_alternative<Message>(msg) ? 1 : 0;
    return sum;
  }

  [[nodiscard]] std::size_t count() const { return heard->size(); }

  std::shared_ptr<typename heard_by<Interface>::messages> heard =
    std::make_shared<typename heard_by<Interface>::messages>();
  Interface actor;
};

/// A store that counts how often it was interrupted.
class counting_store final : public store {
public:
  explicit counting_store(std::shared_ptr<memory_log> log = std::make_shared<memory_log>())
    : inner_{std::move(log)} {}

  outcome<std::vector<receipt>> append(std::span<const draft_ptr> batch) override {
    return inner_.append(batch);
  }
  outcome<room_head> open(const std::string& room) override { return inner_.open(room); }
  outcome<std::vector<entry>> read(const read_query& query) override {
    queries.push_back(query);
    return inner_.read(query);
  }
  outcome<std::vector<room_info>> rooms(std::string_view prefix, std::size_t limit) override {
    return inner_.rooms(prefix, limit);
  }
  outcome<bool> claim_name(const name_claim& claim) override { return inner_.claim_name(claim); }
  outcome<std::string> meta(const std::string& key, const std::string& fresh) override {
    return inner_.meta(key, fresh);
  }
  outcome<done> ping() override { return inner_.ping(); }
  void interrupt() noexcept override { ++interrupts; }

  std::vector<read_query> queries; ///< Of read(), in order.
  int interrupts = 0;

private:
  memory_store inner_;
};

} // namespace callboard::doubles
