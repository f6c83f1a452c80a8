// Packing web/: paths change with bytes, every form unpacks to the same bytes, budgets are kept.
#define CAF_SUITE pack

#include "server/pack/coding.hpp"
#include "server/pack/site.hpp"

#include <caf/test/unit_test.hpp>

#include <array>
#include <brotli/decode.h>
#include <map>
#include <string>
#include <zlib.h>

using namespace callboard::pack;

namespace pack_suite {

namespace {

using tree = std::map<std::string, std::string>;

const std::vector<page_plan> plans{{"index.html", "/", 1000, 3}, {"stats.html", "/stats", 500, 2}};

packed_site packed_of(const tree& files) {
  return pack_site(plans, [&files](const std::string& name) -> std::optional<std::string> {
    const auto file = files.find(name);
    return file == files.end() ? std::nullopt : std::optional{file->second};
  });
}

std::string errors_of(const tree& files) {
  std::string text;
  for (const auto& one : packed_of(files).found)
    text += one.text() + "\n";
  return text;
}

packed file_at(const packed_site& site, std::size_t place) {
  CAF_REQUIRE(place < site.files.size());
  return site.files[place];
}

std::string gunzipped(const std::string& bytes) {
  z_stream work{};
  CAF_REQUIRE_EQUAL(inflateInit2(&work, MAX_WBITS + 16), Z_OK);
  std::string out(100000, '\0');
  std::string in = bytes;
  work.next_in = reinterpret_cast<Bytef*>(in.data());
  work.avail_in = static_cast<uInt>(in.size());
  work.next_out = reinterpret_cast<Bytef*>(out.data());
  work.avail_out = static_cast<uInt>(out.size());
  CAF_CHECK_EQUAL(inflate(&work, Z_FINISH), Z_STREAM_END);
  out.resize(work.total_out);
  inflateEnd(&work);
  return out;
}

std::string unbrotlied(const std::string& bytes) {
  std::string out(100000, '\0');
  auto size = out.size();
  CAF_CHECK(BrotliDecoderDecompress(bytes.size(),
                                    reinterpret_cast<const std::uint8_t*>(bytes.data()), &size,
                                    reinterpret_cast<std::uint8_t*>(out.data()))
            == BROTLI_DECODER_RESULT_SUCCESS);
  out.resize(size);
  return out;
}

/// What no compression makes small.
std::string noise(std::size_t bytes) {
  std::string text;
  std::uint32_t state = 1;
  while (text.size() < bytes) {
    state = state * 1664525U + 1013904223U;
    text += static_cast<char>('a' + (state >> 24U) % 26);
  }
  return text;
}

const tree good{
  {"index.html", "<link href=\"/assets/style.css\"><script src=\"/assets/main.js\"></script>"},
  {"main.js", "// why\nf(); f(); f(); f(); f(); f(); f(); f(); f(); f(); f();\n"},
  {"style.css", "a { color: red }\n"},
  {"unused.css", "b {}"},
};

} // namespace

CAF_TEST(a page refers to its files by paths that change with their bytes) {
  const auto site = packed_of(good);
  CAF_CHECK(site.found.empty());
  CAF_REQUIRE_EQUAL(site.files.size(), 3U);
  const auto& style = file_at(site, 0);
  const auto& script = file_at(site, 1);
  const auto& page = file_at(site, 2);
  CAF_CHECK_EQUAL(style.path, "/assets/style." + content_hash(style.plain) + ".css");
  CAF_CHECK_EQUAL(script.path, "/assets/main." + content_hash(script.plain) + ".js");
  CAF_CHECK_EQUAL(style.type, "text/css; charset=utf-8");
  CAF_CHECK_EQUAL(script.type, "text/javascript; charset=utf-8");
  CAF_CHECK(style.immutable && script.immutable && !page.immutable);
  CAF_CHECK_EQUAL(page.path, "/");
  CAF_CHECK_EQUAL(page.plain, "<link href=\"" + style.path + "\"><script src=\"" + script.path
                                + "\"></script>");
  CAF_CHECK_EQUAL(script.plain.find("why"), std::string::npos);
  auto changed = good;
  changed["main.js"] += "g();\n";
  CAF_CHECK_EQUAL(file_at(packed_of(changed), 0).path, style.path);
  CAF_CHECK_NOT_EQUAL(file_at(packed_of(changed), 1).path, script.path);
}

CAF_TEST(every form is the same bytes and none is larger than the plain one) {
  const auto site = packed_of(good);
  const auto& script = file_at(site, 1);
  CAF_CHECK(script.gzip.size() < script.plain.size());
  CAF_CHECK(script.brotli.size() < script.gzip.size());
  CAF_CHECK_EQUAL(gunzipped(script.gzip), script.plain);
  CAF_CHECK_EQUAL(unbrotlied(script.brotli), script.plain);
  CAF_CHECK_EQUAL(script.gzip.substr(4, 4), std::string(4, '\0')); // No time: the same each day.
  CAF_CHECK_EQUAL(file_at(packed_of({{"index.html", "x"}}), 0).gzip, "");
  CAF_CHECK_EQUAL(content_hash("a"), "af63dc4c8601ec8c"); // FNV's own example.
}

CAF_TEST(pages share files and each counts what it needs) {
  auto files = good;
  files["stats.html"] = "<link href=\"/assets/style.css\">figures";
  const auto site = packed_of(files);
  CAF_CHECK(site.found.empty());
  CAF_CHECK_EQUAL(site.files.size(), 4U);
  CAF_REQUIRE_EQUAL(site.weights.size(), 2U);
  CAF_CHECK_EQUAL(site.weights[0].requests, 3U);
  CAF_CHECK_EQUAL(site.weights[1].requests, 2U);
  const auto size = [](const packed& one) {
    return one.brotli.empty() ? one.plain.size() : one.brotli.size();
  };
  CAF_CHECK_EQUAL(site.weights[1].bytes, size(site.files[0]) + size(site.files[3]));
}

CAF_TEST(a page without its later ones is whole and one without itself is not ) {
  CAF_CHECK_EQUAL(errors_of({{"index.html", "x"}}), "");
  CAF_CHECK_EQUAL(errors_of({{"stats.html", "x"}}), "index.html: error: there is no such file\n");
}

CAF_TEST(budgets are kept or told) {
  auto files = good;
  files["style.css"] = noise(3000);
  const auto errors = errors_of(files);
  CAF_CHECK(errors.starts_with("index.html: error: over its budget: page /: "));
  CAF_CHECK(errors.ends_with(" of 1000 bytes in brotli, 3 of 3 requests\n"));
  files = good;
  files["icon.svg"] = "<svg></svg>";
  files["index.html"] += "<link href=\"/assets/icon.svg\">";
  CAF_CHECK(errors_of(files).ends_with("4 of 3 requests\n"));
}

CAF_TEST(a hole in a page is refused with its place) {
  CAF_CHECK_EQUAL(errors_of({{"index.html", "a\nb \"/assets/none.js\""}}),
                  "index.html:2: error: there is no script, style sheet or picture \"none.js\"\n");
  CAF_CHECK_EQUAL(errors_of({{"index.html", "\"/assets/\""}}),
                  "index.html:1: error: there is no script, style sheet or picture \"\"\n");
  auto files = good;
  files["style.css"] = "a {}\nb { background: url(x.png) }";
  CAF_CHECK_EQUAL(
    errors_of(files),
    "style.css:2: error: url() would be a request more, and its target is not packed\n");
  files = good;
  files["main.js"] = "import x from 1;\n";
  CAF_CHECK(errors_of(files).starts_with("main.js:1: error: expected one line: import"));
}

} // namespace pack_suite
