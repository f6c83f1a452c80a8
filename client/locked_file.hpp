// A file that one process holds at a time: what a dead process has left can be told from what a
// living one is writing. The lock ends with the process, however it ends.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace callboard::client {

/// An open and locked file, with the name that it still has.
class locked_file {
public:
  locked_file() = default;
  locked_file(locked_file&& other) noexcept;
  locked_file& operator=(locked_file&& other) noexcept;
  ~locked_file();

  /// Nothing when another process holds it, or it went away meanwhile: errno is 0 then.
  [[nodiscard]] static locked_file open(const std::string& path, int more_flags);

  /// A new one in `folder`, whose name begins with `stem`; names sort by age.
  [[nodiscard]] static locked_file create(const std::string& folder, const std::string& stem);

  /// What such files there are, the oldest first; held or not.
  [[nodiscard]] static std::vector<std::string> paths(const std::string& folder,
                                                      const std::string& stem);

  [[nodiscard]] explicit operator bool() const { return descriptor_ >= 0; }
  [[nodiscard]] const std::string& path() const { return path_; }

  [[nodiscard]] std::optional<std::string> read() const;

  /// 0, or why not; then nothing of `text` is in the file.
  [[nodiscard]] int append(std::string_view text) const;

  [[nodiscard]] int sync() const;
  void remove() const;

  /// It takes the place of `other`, whose name it has from now on.
  [[nodiscard]] bool replace(const locked_file& other);

private:
  int descriptor_ = -1;
  std::string path_;
};

} // namespace callboard::client
