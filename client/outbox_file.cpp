// A file is read, copied into ours, and removed only while we hold its lock, and ours is written
// first: a process that dies in between leaves a message twice under the same id, which is once.
#include "client/outbox_file.hpp"

#include "client/journal_record.hpp"
#include "client/locked_file.hpp"
#include "client/outbox_left.hpp"
#include "client/state_folder.hpp"
#include "domain/validate.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace callboard::client {

namespace {

/// Beyond this a file with dead lines is written anew.
constexpr std::size_t file_bytes_most = 1U << 20U;

std::string reason(int number) {
  return std::error_code{number, std::generic_category()}.message();
}

class outbox_file final : public post_journal {
public:
  outbox_file(locked_file file, journal_record head)
    : file_{std::move(file)}, head_{std::move(head)} {}

  outbox_file(const outbox_file&) = delete;
  outbox_file& operator=(const outbox_file&) = delete;

  /// What still waits stays for the next process.
  ~outbox_file() override {
    if (left_.posts.empty())
      file_.remove();
    else
      flush();
  }

  void add(const kept_post& what) override {
    if (left_.has(what.id))
      return;
    write({journal_record::what::post, what.room, what.id, what.text});
    left_.posts.push_back({what, left_.author});
    not_synced_ = true;
  }

  void done(const std::string& id) override {
    if (!left_.erase(id))
      return;
    write({journal_record::what::done, {}, id, {}});
    if (written_ > file_bytes_most)
      compact();
  }

  void flush() override {
    if (!std::exchange(not_synced_, false))
      return;
    if (const int problem = file_.sync(); problem != 0)
      complain(problem);
  }

  std::vector<std::string> bind(const std::string& author_id) override {
    std::vector<std::string> foreign;
    std::string aside;
    for (const auto& post : left_.posts) {
      if (post.author.empty() || post.author == author_id)
        continue;
      foreign.push_back(post.what.id);
      aside += to_line({journal_record::what::post, post.what.room, post.what.id, post.what.text});
    }
    if (!foreign.empty()) {
      const auto path = free_name(file_.path() + ".another-author");
      const auto file = locked_file::open(path, O_CREAT | O_EXCL);
      if (!file || file.append(aside) != 0 || file.sync() != 0)
        return {}; // They stay where they are, unsent, and the next start tries again.
      troubles_.push_back(
        "The name belongs to another author now, so it cannot be known which messages of before "
        "are stored. They are not sent; they are in "
        + path);
      for (const auto& id : foreign)
        done(id);
    }
    become(author_id);
    return foreign;
  }

  std::vector<std::string> troubles() override { return std::exchange(troubles_, {}); }

  /// Takes over what another file holds; false when it could not be written.
  bool take_over(const outbox_left& other) {
    const auto before = troubles_.size();
    for (const auto& post : other.posts) {
      if (left_.has(post.what.id))
        continue;
      become(post.author);
      write({journal_record::what::post, post.what.room, post.what.id, post.what.text});
      left_.posts.push_back(post);
    }
    become({}); // Who we are is not known before the welcome.
    not_synced_ = true;
    flush();
    return troubles_.size() == before;
  }

  [[nodiscard]] const outbox_left& left() const { return left_; }

  [[nodiscard]] static std::string free_name(const std::string& wanted) {
    auto name = wanted;
    for (int number = 2; ::access(name.c_str(), F_OK) == 0; ++number)
      name = wanted + "." + std::to_string(number);
    return name;
  }

private:
  void write(const journal_record& what) {
    const auto line = to_line(what);
    if (const int problem = file_.append(written_ == 0 ? to_line(head_) + line : line);
        problem != 0)
      complain(problem);
    else
      written_ += line.size();
  }

  void become(const std::string& author_id) {
    if (left_.author == author_id)
      return;
    write({journal_record::what::author, author_id, {}, {}});
    left_.bind(author_id);
  }

  void complain(int problem) {
    if (!std::exchange(complained_, true))
      troubles_.push_back("What is typed cannot be kept on disk and is lost when this program is "
                          "killed: "
                          + file_.path() + ": " + reason(problem));
  }

  /// Into a new file, whole, that takes the old one's place: the lines of what is done go.
  void compact() {
    const auto path = file_.path() + ".new";
    ::unlink(path.c_str()); // Of a process that had our number and died here.
    auto fresh = locked_file::open(path, O_CREAT | O_EXCL);
    const auto text = to_line(head_) + left_.to_lines();
    if (!fresh || fresh.append(text) != 0 || fresh.sync() != 0 || !fresh.replace(file_))
      return; // The old one is still whole.
    file_ = std::move(fresh);
    written_ = text.size();
  }

  locked_file file_;
  journal_record head_;
  outbox_left left_;
  std::size_t written_ = 0;
  bool not_synced_ = false;
  bool complained_ = false;
  std::vector<std::string> troubles_;
};

/// One opening: our new file, and what others left.
class opening {
public:
  opening(std::string folder, const std::string& server, std::string_view name)
    : folder_{std::move(folder)},
      head_{journal_record::what::head, server, name_key(name), {}},
      stem_{"outbox-" + name_hash(server + "\n" + name_key(name)) + "-"} {}

  opened_journal run(std::size_t posts_most, std::size_t bytes_most) {
    opened_journal result;
    std::error_code problem;
    std::filesystem::create_directories(folder_, problem);
    if (!problem)
      std::filesystem::permissions(folder_, std::filesystem::perms::owner_all, problem);
    auto own = problem ? locked_file{} : locked_file::create(folder_, stem_);
    if (!own) {
      result.troubles.push_back(
        "What is typed cannot be kept on disk and is lost when this program is killed: " + folder_
        + ": " + (problem ? problem.message() : reason(errno)));
      return result;
    }
    const auto own_path = own.path();
    auto journal = std::make_unique<outbox_file>(std::move(own), head_);
    for (const auto& path : locked_file::paths(folder_, stem_)) {
      const auto file = path == own_path ? locked_file{} : locked_file::open(path, 0);
      if (file)
        adopt(file, *journal, posts_most, bytes_most, result);
    }
    for (const auto& post : journal->left().posts)
      result.left.push_back(post.what);
    result.journal = std::move(journal);
    return result;
  }

private:
  void adopt(const locked_file& file, outbox_file& into, std::size_t posts_most,
             std::size_t bytes_most, opened_journal& result) const {
    const auto text = file.read();
    if (!text) {
      result.troubles.push_back("An outbox cannot be read: " + file.path() + ": " + reason(errno));
      return;
    }
    const auto left = read_outbox(*text);
    if (left.head && *left.head != head_)
      return; // Two names of one hash: not ours.
    const auto& have = into.left();
    if (have.posts.size() + left.posts.size() > posts_most
        || have.bytes() + left.bytes() > bytes_most) {
      result.troubles.push_back("The outbox of before is too large to be sent at once; a later "
                                "start sends the rest: "
                                + file.path());
      return;
    }
    if (!into.take_over(left))
      return;
    if (left.damaged_line == 0) {
      file.remove();
      return;
    }
    const auto aside = outbox_file::free_name(file.path() + ".damaged");
    const bool moved = ::rename(file.path().c_str(), aside.c_str()) == 0;
    result.troubles.push_back("The outbox of before is damaged in line "
                              + std::to_string(left.damaged_line) + "; what could be read is sent ("
                              + std::to_string(left.posts.size())
                              + "), and the file is kept: " + (moved ? aside : file.path()));
  }

  std::string folder_;
  journal_record head_;
  std::string stem_;
};

} // namespace

journal_opener outbox_files(std::string folder, std::string server) {
  return [folder = std::move(folder), server = std::move(server)](
           std::string_view name, std::size_t posts_most, std::size_t bytes_most) {
    if (folder.empty()) {
      opened_journal nothing;
      nothing.troubles.emplace_back("What is typed is lost when this program is killed: neither "
                                    "XDG_STATE_HOME nor HOME names a folder");
      return nothing;
    }
    return opening{folder, server, name}.run(posts_most, bytes_most);
  };
}

} // namespace callboard::client
