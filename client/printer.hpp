// Two ways out: data on stdout, talk on stderr. What is said here has been made visible before.
#pragma once

#include <string_view>

namespace callboard::client {

class printer {
public:
  printer() = default;
  printer(const printer&) = delete;
  printer& operator=(const printer&) = delete;
  virtual ~printer() = default;

  /// Data: what a pipe behind us reads. Whole when this returns, or nobody reads any more.
  virtual void data(std::string_view text) = 0;

  /// Talk, one line without its end.
  virtual void talk(std::string_view line) = 0;

  /// A question, whose answer is typed behind it.
  virtual void ask(std::string_view question) = 0;
};

/// The process's own stdout and stderr, without buffers between.
class stdio_printer final : public printer {
public:
  void data(std::string_view text) override;
  void talk(std::string_view line) override;
  void ask(std::string_view question) override;

  /// True once a write of data has failed for good.
  [[nodiscard]] bool broken() const { return broken_; }

  /// True when it failed because nobody reads: no error of ours.
  [[nodiscard]] bool unread() const { return unread_; }

private:
  bool broken_ = false;
  bool unread_ = false;
};

} // namespace callboard::client
