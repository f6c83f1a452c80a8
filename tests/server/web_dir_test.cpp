// The page from a directory: what is found, and that nothing outside it ever is.
#define CAF_SUITE web_dir

#include "server/web_dir.hpp"

#include <caf/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <sys/stat.h>
#include <variant>

using namespace callboard;

namespace web_dir_suite {

namespace {

struct folder {
  std::filesystem::path path;

  folder() {
    auto name = (std::filesystem::temp_directory_path() / "callboard-web.XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
      throw std::runtime_error{"no temporary directory"};
    path = name;
    std::filesystem::create_directory(path / "web");
    write("web/index.html", "<title>here</title>");
    write("secret.js", "outside");
  }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
  ~folder() { std::filesystem::remove_all(path); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream{path / name} << text;
  }

  [[nodiscard]] web_dir web() const {
    auto opened = web_dir::open((path / "web").string());
    if (const auto* error = std::get_if<web_dir_error>(&opened))
      throw std::runtime_error{error->what + ": " + error->cause};
    return std::get<web_dir>(std::move(opened));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(web_dir_tests, folder)

CAF_TEST(paths are names in the directory and each kind has its type) {
  write("web/stats.html", "figures");
  write("web/main.js", "one");
  write("web/style.css", "two");
  write("web/icon.svg", "three");
  const auto files = web();
  const auto type_of = [&files](const char* where) {
    const auto found = files.find(where);
    return found ? found->type + "|" + found->bytes : std::string{"none"};
  };
  CAF_CHECK_EQUAL(type_of("/"), "text/html; charset=utf-8|<title>here</title>");
  CAF_CHECK_EQUAL(type_of("/stats"), "text/html; charset=utf-8|figures");
  CAF_CHECK_EQUAL(type_of("/assets/main.js"), "text/javascript; charset=utf-8|one");
  CAF_CHECK_EQUAL(type_of("/assets/style.css"), "text/css; charset=utf-8|two");
  CAF_CHECK_EQUAL(type_of("/assets/icon.svg"), "image/svg+xml|three");
  write("web/main.js", "changed");
  CAF_CHECK_EQUAL(type_of("/assets/main.js"), "text/javascript; charset=utf-8|changed");
}

CAF_TEST(nothing outside the directory and nothing hidden is ever found) {
  write("web/.hidden.js", "x");
  write("web/notes.txt", "x");
  write("web/no-ending", "x");
  std::filesystem::create_symlink(path / "secret.js", path / "web/link.js");
  std::filesystem::create_directory(path / "web/folder.js");
  write("web/folder.js/a.js", "x");
  CAF_REQUIRE_EQUAL(::mkfifo((path / "web/pipe.js").c_str(), 0600), 0);
  const auto files = web();
  for (const auto* where :
       {"/assets/../secret.js", "/assets/..%2fsecret.js", "/assets//etc/passwd", "/assets/",
        "/assets/..", "/assets/.hidden.js", "/assets/notes.txt", "/assets/no-ending",
        "/assets/link.js", "/assets/folder.js", "/assets/folder.js/a.js", "/assets/pipe.js",
        "/index.html", "/main.js", "", "assets/index.html", "/assets/\\..\\secret.js"})
    CAF_CHECK_EQUAL(files.find(where).has_value(), false);
  const std::string nul{"/assets/index.html\0.js", 22};
  CAF_CHECK(!files.find(nul));
}

CAF_TEST(a file that is too large is not read into memory) {
  write("web/large.js", std::string((4 << 20) + 1, 'x'));
  write("web/most.js", std::string(4 << 20, 'x'));
  const auto files = web();
  CAF_CHECK(!files.find("/assets/large.js"));
  CAF_CHECK(files.find("/assets/most.js").has_value());
}

CAF_TEST(a directory that cannot serve says why) {
  const auto why = [](const std::string& where) {
    const auto opened = web_dir::open(where);
    const auto* error = std::get_if<web_dir_error>(&opened);
    return error ? error->cause : std::string{"served"};
  };
  CAF_CHECK_EQUAL(why((path / "none").string()), "No such file or directory");
  CAF_CHECK_EQUAL(why((path / "secret.js").string()), "Not a directory");
  CAF_CHECK_EQUAL(why(path.string()), "it has no index.html that can be read");
  CAF_CHECK_EQUAL(why((path / "web").string()), "served");
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace web_dir_suite
