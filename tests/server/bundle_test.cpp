// Joining the page's modules: what comes out is what a browser would run, and what breaks the
// contract is told with file and line.
#define CAF_SUITE bundle

#include "server/pack/bundle.hpp"

#include "server/pack/script_lines.hpp"

#include <caf/test/unit_test.hpp>

#include <map>
#include <string>

using namespace callboard::pack;

namespace bundle_suite {

namespace {

using tree = std::map<std::string, std::string>;

struct joined {
  std::string script;
  std::string errors; ///< One line each.
};

joined join(const tree& files) {
  complaints found;
  joined result;
  result.script = bundle(
    "main.js",
    [&files](const std::string& name) -> std::optional<std::string> {
      const auto file = files.find(name);
      return file == files.end() ? std::nullopt : std::optional{file->second};
    },
    found);
  for (const auto& one : found)
    result.errors += one.text() + "\n";
  return result;
}

std::string errors_of(const std::string& text) {
  return join({{"main.js", text}}).errors;
}

/// A script of one module without complaints.
std::string squeezed(const std::string& text) {
  const auto result = join({{"main.js", text}});
  CAF_CHECK_EQUAL(result.errors, "");
  return result.script;
}

} // namespace

CAF_TEST(modules come once each and before those that import them) {
  const auto result = join({
    {"main.js", "import { b } from \"./b.js\";\nimport { a, c } from \"./a.js\";\nb(a, c);\n"},
    {"a.js", "export const a = 1;\nexport async function c() {}\n"},
    {"b.js", "import { a } from \"./a.js\";\nimport \"./side.js\";\n\nexport function b() {\n  "
             "return a;\n}\n"},
    {"side.js", "console.log(1);\n"},
    {"unused.js", "export const a = 2;\n"},
  });
  CAF_CHECK_EQUAL(result.errors, "");
  CAF_CHECK_EQUAL(result.script, "const a = 1;\nasync function c() {}\nconsole.log(1);\n"
                                 "function b() {\nreturn a;\n}\nb(a, c);\n");
}

CAF_TEST(modules that need each other are joined as a browser would run them) {
  const auto result = join({
    {"main.js", "import { a } from \"./a.js\";\nexport function m() {\n  a();\n}\n"},
    {"a.js", "import { m } from \"./main.js\";\nexport function a() {\n  m();\n}\n"},
  });
  CAF_CHECK_EQUAL(result.errors, "");
  CAF_CHECK_EQUAL(result.script, "function a() {\nm();\n}\nfunction m() {\na();\n}\n");
}

CAF_TEST(comments and indentation go and nothing else does) {
  CAF_CHECK_EQUAL(squeezed("// one\nf(1); // two\n\n  /* three\n four */ g(); /* five */\n"),
                  "f(1);\ng();\n");
  CAF_CHECK_EQUAL(squeezed("a/**/in/**/b;\n"), "a in b;\n");
  // A line break in a comment ends a statement.
  CAF_CHECK_EQUAL(squeezed("x = y /* a\n b */ (z)\n"), "x = y\n(z)\n");
}

CAF_TEST(what looks like a comment inside text stays) {
  for (const auto* line :
       {"f(\"http://a/*b*/\");", "f('//');", "f(`// ${ g(`/*`) } */`);", "f(/\\/\\/[/*]`'\"/u);",
        "return /\\//.test(x);", "x = a / b / c; // gone", "f(a[0] / 2, '/*');",
        "const s = '\\'//';", "f((a + b) / 2); g('`');", "const r = x => /`/;",
        "y = {}; /'/.test(y);"}) {
    std::string kept{line};
    if (const auto gone = kept.find(" // gone"); gone != std::string::npos)
      kept.resize(gone);
    CAF_CHECK_EQUAL(squeezed(std::string{line} + "\n"), kept + "\n");
  }
}

CAF_TEST(a template keeps its lines as they are) {
  const std::string text = "f(`one  \n\n  // two\n  ${a} /* three */\n`);\n";
  CAF_CHECK_EQUAL(squeezed(text), text);
}

CAF_TEST(imports of another form are refused with their place) {
  const std::string good =
    R"(expected one line: import { a, b } from "./x.js"; or import "./x.js";)";
  for (const auto* line : {"import x from \"./x.js\";", "import * as x from \"./x.js\";",
                           "import { a as b } from \"./x.js\";", "import { a } from './x.js';",
                           "import { a } from \"../x.js\";", "import { a } from \"x.js\";",
                           "import {", "import { a } from \"./x.js\"; f();"}) {
    const auto errors = errors_of(
      "\n" + std::string{line} + (std::string_view{line} == "import {" ? "\na } from 1;\n" : "\n"));
    CAF_CHECK_EQUAL(errors.substr(0, errors.find('\n')), "main.js:2: error: " + good);
  }
}

CAF_TEST(imports and exports elsewhere are refused) {
  const auto where = [](const std::string& text) {
    const auto errors = errors_of(text);
    return errors.substr(0, errors.find(" error:"));
  };
  CAF_CHECK_EQUAL(where("f();\nimport(\"./x.js\");\n"), "main.js:2:");
  CAF_CHECK_EQUAL(where("const x = import.meta.url;\n"), "main.js:1:");
  CAF_CHECK_EQUAL(where("const x = await import(\"./x.js\");\n"), "main.js:1:");
  CAF_CHECK_EQUAL(where("function f() {\n  import(\"./x.js\");\n}\n"), "main.js:2:");
  CAF_CHECK_EQUAL(where("f(); export const a = 1;\n"), "main.js:1:");
  CAF_CHECK_EQUAL(errors_of("f(x.import, '; import', `export`);\n"), "");
}

CAF_TEST(exports of another form are refused) {
  for (const auto* line : {"export default function f() {}", "export { a };", "export let a = 1;",
                           "export * from \"./x.js\";", "export var a;", "export const { a } = b;"})
    CAF_CHECK_EQUAL(errors_of(line + std::string{"\n"}),
                    "main.js:1: error: expected export directly before a function, an async "
                    "function, a class or a const\n");
  CAF_CHECK_EQUAL(errors_of("export class A {}\nexport function* g() {}\n"), "");
}

CAF_TEST(what is imported must be there) {
  const auto none = join({{"main.js", "\nimport { a } from \"./a.js\";\n"}});
  CAF_CHECK_EQUAL(none.errors, "main.js:2: error: there is no file a.js\n");
  const auto other = join({{"main.js", "import { a, b } from \"./a.js\";\n"},
                           {"a.js", "const a = 1;\nexport const b = a;\n"}});
  CAF_CHECK_EQUAL(other.errors, "main.js:1: error: a.js does not export a\n");
  CAF_CHECK_EQUAL(join({}).errors, "main.js: error: there is no file main.js\n");
}

CAF_TEST(names outside of all brackets are unique over all modules) {
  const auto result =
    join({{"main.js", "import { a } from \"./a.js\";\n\nconst limit = 2;\nf(a, limit);\n"},
          {"a.js", "let limit = 1;\nexport const a = () => {\n  const inner = limit;\n};\n"
                   "function f(inner) {}\n"}});
  CAF_CHECK_EQUAL(result.errors, "a.js:1: error: limit is declared at main.js:3 too; modules are "
                                 "joined, so rename one\n");
  CAF_CHECK_EQUAL(errors_of("const { a, b } = c;\n"),
                  "main.js:1: error: outside of all brackets, declare one name at a time\n");
}

CAF_TEST(what does not end is told where it began) {
  CAF_CHECK_EQUAL(errors_of("f();\ng(\"abc\n\");\n"),
                  "main.js:2: error: this string does not end on its line\n");
  CAF_CHECK_EQUAL(errors_of("/* a\n\n"), "main.js:1: error: this comment does not end\n");
  CAF_CHECK_EQUAL(errors_of("x = /ab\n"),
                  "main.js:1: error: this regular expression does not end on its line\n");
  CAF_CHECK_EQUAL(errors_of("\nf(`a\nb\n"),
                  "main.js:2: error: a bracket or template that begins here does not end\n");
  CAF_CHECK_EQUAL(errors_of("f();\n\nfunction g() {\n"),
                  "main.js:3: error: a bracket or template that begins here does not end\n");
  CAF_CHECK_EQUAL(errors_of("f();\n}\n"), "main.js:2: error: this bracket was not opened\n");
}

CAF_TEST(a style sheet loses comments and indentation only) {
  CAF_CHECK_EQUAL(squeezed_style("a.css", "/* one */\nbody {\n  margin: 0  auto; /* two */\n}\n\n"
                                          "a::after {\n  content: \"/*  x\";\n}\n"),
                  "body {\nmargin: 0 auto; }\na::after {\ncontent: \"/*  x\";\n}\n");
  try {
    (void)squeezed_style("a.css", "a {}\n/* b");
    CAF_FAIL("it was taken");
  } catch (const broken& problem) {
    CAF_CHECK_EQUAL(problem.why.text(), "a.css:2: error: this comment does not end");
  }
}

} // namespace bundle_suite
