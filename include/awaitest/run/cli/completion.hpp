// Completion scripts for shells, from the table of options.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "options.hpp"

namespace awaitest::detail {

/// The values that an option takes; empty: any.
inline std::vector<std::string> offered_values(const flag& of, const std::vector<std::string>& reporters) {
  if (of.name == "--reporter") return reporters;
  if (of.name == "--color") return {"always", "never", "auto"};
  if (of.name == "--unsupported") return {"fail", "skip"};
  if (of.name == "--completion") return {"bash", "zsh", "fish"};
  return {};
}
inline bool takes_value_apart(const flag& one) { return !one.value.empty() && one.value.front() != '['; }
inline std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& one : words) (text += text.empty() ? "" : " ") += one;
  return text;
}
/// The program's name as a part of an identifier.
inline std::string function_for(std::string_view program) {
  std::string name = "_awaitest_";
  for (const char c : program)
    name += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '_';
  return name;
}
inline std::string in_quotes(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

inline std::string bash_completion(std::string_view program, const std::vector<std::string>& reporters) {
  const auto function = detail::function_for(program);
  std::vector<std::string> all;
  std::string cases, files;
  for (const auto& one : flags()) {
    if (one.help.empty()) continue;
    all.emplace_back(one.name);
    if (const auto values = detail::offered_values(one, reporters); !values.empty())
      cases += fmt::format("    {}) COMPREPLY=($(compgen -W '{}' -- \"$word\")); return ;;\n", one.name,
                           detail::joined(values));
    else if (one.value == "FILE")
      cases += fmt::format("    {}) COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n", one.name);
    else if (detail::takes_value_apart(one) && one.name != "--exact")
      cases += fmt::format("    {}) return ;;\n", one.name);
  }
  return fmt::format(
      "# bash completion for {0}, by awaitest\n"
      "{1}() {{\n"
      "  local word=\"${{COMP_WORDS[COMP_CWORD]}}\" before=\"${{COMP_WORDS[COMP_CWORD-1]}}\" name\n"
      "  COMPREPLY=()\n"
      "  case \"$before\" in\n{2}  esac\n"
      "  if [[ \"$word\" == -* ]]; then\n"
      "    COMPREPLY=($(compgen -W '{3}' -- \"$word\"))\n"
      "    return\n"
      "  fi\n"
      "  while IFS= read -r name; do\n"
      "    [[ \"$name\" == \"$word\"* ]] && COMPREPLY+=(\"$(printf %q \"$name\")\")\n"
      "  done < <(\"$1\" --list 2>/dev/null)\n"
      "}}\n"
      "complete -F {1} {0}\n",
      program, function, cases, detail::joined(all));
}

inline std::string zsh_completion(std::string_view program, const std::vector<std::string>& reporters) {
  const auto function = detail::function_for(program);
  std::string options;
  for (const auto& one : flags()) {
    if (one.help.empty()) continue;
    std::string help;
    for (const char c : one.help.substr(0, one.help.find(';')))
      help += c == '[' || c == ']' || c == ':' ? std::string("\\") + c : std::string(1, c);
    if (const auto names = help.find("{}"); names != std::string::npos)
      help.replace(names, 2, detail::one_of(reporters));
    std::string spec = one.adds_up || one.kind == option_kind::selects ? "*" : "";
    spec += fmt::format("{}[{}]", one.name, help);
    if (detail::takes_value_apart(one)) {
      const auto values = detail::offered_values(one, reporters);
      spec += fmt::format(":{}:{}", one.value,
                          !values.empty()         ? "(" + detail::joined(values) + ")"
                          : one.value == "FILE"   ? std::string("_files")
                          : one.name == "--exact" ? "_" + function + "_tests"
                                                  : std::string(" "));
    }
    options += "    " + detail::in_quotes(spec) + " \\\n";
  }
  return fmt::format(
      "#compdef {0}\n"
      "# zsh completion for {0}, by awaitest\n"
      "_{1}_tests() {{\n"
      "  local -a names\n"
      "  names=(\"${{(@f)$(\"${{words[1]}}\" --list 2>/dev/null)}}\")\n"
      "  compadd -a names\n"
      "}}\n"
      "{1}() {{\n"
      "  _arguments \\\n{2}    '*:test:_{1}_tests'\n"
      "}}\n"
      "compdef {1} {0}\n",
      program, function, options);
}

inline std::string fish_completion(std::string_view program, const std::vector<std::string>& reporters) {
  std::string out = fmt::format(
      "# fish completion for {0}, by awaitest\n"
      "complete -c {0} -f -a '(set -l words (commandline -opc); $words[1] --list 2>/dev/null)'\n",
      program);
  for (const auto& one : flags()) {
    if (one.help.empty()) continue;
    std::string help{one.help.substr(0, one.help.find(';'))};
    if (const auto names = help.find("{}"); names != std::string::npos)
      help.replace(names, 2, detail::one_of(reporters));
    out += fmt::format("complete -c {} -l {}", program, one.name.substr(2));
    for (const auto& [letter, name] : short_flags)
      if (name == one.name) out += fmt::format(" -s {}", letter);
    if (detail::takes_value_apart(one)) {
      const auto values = detail::offered_values(one, reporters);
      out += one.value == "FILE" ? " -r -F" : " -x";
      if (!values.empty()) out += fmt::format(" -a '{}'", detail::joined(values));
      if (one.name == "--exact")
        out += " -a '(set -l words (commandline -opc); $words[1] --list 2>/dev/null)'";
    }
    out += " -d " + detail::in_quotes(help) + '\n';
  }
  return out;
}

/// `program` as it was called; a shell knows it by the last part of its path.
inline std::string completion_script(std::string_view shell, std::string_view program,
                                     const std::vector<std::string>& reporters) {
  program.remove_prefix(program.rfind('/') + 1);
  if (shell == "bash") return detail::bash_completion(program, reporters);
  if (shell == "zsh") return detail::zsh_completion(program, reporters);
  return detail::fish_completion(program, reporters);
}

}  // namespace awaitest::detail
