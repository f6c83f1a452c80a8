// Accept-Encoding: weights decide, then our own order; what is refused is never sent.
#define CAF_SUITE net_content_coding

#include "net/content_coding.hpp"

#include <caf/test/unit_test.hpp>

#include <array>
#include <string>

using namespace callboard;

namespace content_coding_suite {

namespace {

/// The name of the choice among all three; "-" for none.
std::string chosen(std::optional<std::string_view> accept) {
  constexpr std::array all{content_coding::brotli, content_coding::gzip, content_coding::identity};
  const auto choice = choose_coding(accept, all);
  if (!choice)
    return "-";
  return *choice == content_coding::identity ? "identity" : std::string{name_of(*choice)};
}

} // namespace

CAF_TEST(the smallest form that is taken is sent) {
  CAF_CHECK_EQUAL(chosen("gzip, deflate, br, zstd"), "br");
  CAF_CHECK_EQUAL(chosen("gzip, deflate"), "gzip");
  CAF_CHECK_EQUAL(chosen("GZIP"), "gzip");
  CAF_CHECK_EQUAL(chosen("x-gzip"), "gzip");
  CAF_CHECK_EQUAL(chosen("deflate, zstd"), "identity");
  CAF_CHECK_EQUAL(chosen("*"), "br");
  CAF_CHECK_EQUAL(chosen("gzip;q=1.0,br;q=1.0"), "br");
}

CAF_TEST(a client that says nothing gets the bytes themselves) {
  CAF_CHECK_EQUAL(chosen({}), "identity");
  CAF_CHECK_EQUAL(chosen(""), "identity");
  CAF_CHECK_EQUAL(chosen("identity"), "identity");
}

CAF_TEST(weights come before our own order) {
  CAF_CHECK_EQUAL(chosen("br;q=0.5, gzip;q=0.8"), "gzip");
  CAF_CHECK_EQUAL(chosen("br;q=0.500,gzip;q=0.501"), "gzip");
  CAF_CHECK_EQUAL(chosen("br ; q=0.1 , identity"), "identity");
  CAF_CHECK_EQUAL(chosen("br;q=0.1"), "br");
  CAF_CHECK_EQUAL(chosen("gzip;q=0.3, *;q=0.2"), "gzip");
  CAF_CHECK_EQUAL(chosen("gzip;q=0.2, *;q=0.3"), "br");
  CAF_CHECK_EQUAL(chosen("br;Q=0.001, gzip"), "gzip");
  CAF_CHECK_EQUAL(chosen("br;q=0.5;more=1, gzip"), "gzip");
}

CAF_TEST(weight zero is a refusal) {
  CAF_CHECK_EQUAL(chosen("br;q=0, gzip"), "gzip");
  CAF_CHECK_EQUAL(chosen("br;q=0.0, gzip;q=0.000"), "identity");
  CAF_CHECK_EQUAL(chosen("identity;q=0, gzip"), "gzip");
  CAF_CHECK_EQUAL(chosen("*;q=0"), "-");
  CAF_CHECK_EQUAL(chosen("identity;q=0"), "-");
  CAF_CHECK_EQUAL(chosen("*;q=0, identity"), "identity");
  CAF_CHECK_EQUAL(chosen("br, *;q=0"), "br");
}

CAF_TEST(weights that cannot be read count in full) {
  for (const auto* weight : {"2", "0.1234", "-1", "abc", "", "0.5.5", "1x"})
    CAF_CHECK_EQUAL(chosen("br;q=" + std::string{weight} + ", gzip;q=0.9"), "br");
  CAF_CHECK_EQUAL(chosen("br;level=1, gzip;q=0.9"), "br");
  CAF_CHECK_EQUAL(chosen(",,;;,br;,"), "br");
}

CAF_TEST(only what is offered is chosen) {
  constexpr std::array plain{content_coding::identity};
  CAF_CHECK(choose_coding("br, gzip", plain) == content_coding::identity);
  CAF_CHECK(!choose_coding("br, identity;q=0", plain));
}

} // namespace content_coding_suite
