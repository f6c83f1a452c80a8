// Completion scripts. Names of rooms come from strangers: no script lets its shell expand them.
#include "client/help_text.hpp"

namespace callboard::client {

namespace {

using what = invocation::what;

constexpr std::string_view list_rooms = "callboard rooms --timeout 2 2>/dev/null | cut -f1";

std::string command_words() {
  std::string words;
  for (const auto& row : command_rows())
    if (!row.word.empty())
      words.append(words.empty() ? "" : " ").append(row.word);
  return words;
}

std::string flags_of(command_set commands) {
  raw_invocation nobody;
  std::string flags;
  for (const auto& row : option_rows(nobody))
    if ((row.commands & commands) != 0)
      flags.append("--").append(row.what.flag).append(" ");
  return flags + "--env-file";
}

std::string joined(const std::vector<std::string_view>& words) {
  std::string text;
  for (const auto& word : words)
    text.append(text.empty() ? "" : " ").append(word);
  return text;
}

std::string for_bash() {
  std::string script = "# bash completion for callboard; made by: callboard completion bash\n"
                       "_callboard() {\n"
                       "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
                       "  local command= flags= room i\n"
                       "  COMPREPLY=()\n"
                       "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
                       "    case ${COMP_WORDS[i]} in\n"
                       "      ";
  for (const auto& row : command_rows())
    if (!row.word.empty())
      script.append(row.command == what::send ? "" : "|").append(row.word);
  script += ") command=${COMP_WORDS[i]}; break ;;\n    esac\n  done\n  case $prev in\n";
  raw_invocation nobody;
  for (const auto& row : option_rows(nobody)) {
    if (!row.choices.empty())
      script += "    --" + std::string{row.what.flag} + ") COMPREPLY=($(compgen -W \""
                + joined(row.choices) + "\" -- \"$cur\")); return ;;\n";
    else if (!row.what.placeholder.empty())
      script += "    --" + std::string{row.what.flag}
                + (row.what.letter == '\0' ? "" : std::string{"|-"} + row.what.letter)
                + ") return ;;\n";
  }
  script += "    --env-file) COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n"
            "    completion) COMPREPLY=($(compgen -W \"bash zsh fish\" -- \"$cur\")); return ;;\n"
            "  esac\n  if [[ $cur == -* ]]; then\n    case $command in\n";
  for (const auto& row : command_rows())
    script += "      " + (row.word.empty() ? "''" : std::string{row.word}) + ") flags=\""
              + flags_of(set_of(row.command)) + "\" ;;\n";
  script += "    esac\n    COMPREPLY=($(compgen -W \"$flags\" -- \"$cur\"))\n    return\n  fi\n"
            "  [[ -n $command ]] || COMPREPLY=($(compgen -W \""
            + command_words()
            + "\" -- \"$cur\"))\n"
              "  # Not through compgen -W, which would run what stands in a room's name.\n"
              "  while IFS= read -r room; do\n"
              "    [[ $room != \"$cur\"* ]] || COMPREPLY+=(\"$(printf %q \"$room\")\")\n"
              "  done < <("
            + std::string{list_rooms} + ")\n}\ncomplete -F _callboard callboard\n";
  return script;
}

/// Within '…' of zsh and fish.
std::string quoted(std::string_view text) {
  std::string safe;
  for (const char c : text)
    safe.append(c == '\'' ? "" : std::string{c});
  return safe;
}

std::string for_zsh() {
  std::string script = "#compdef callboard\n"
                       "# zsh completion for callboard; made by: callboard completion zsh\n"
                       "_callboard() {\n  local command= word\n  local -a rooms\n"
                       "  for word in ${words[2,CURRENT-1]}; do\n    case $word in\n      ";
  for (const auto& row : command_rows())
    if (!row.word.empty())
      script.append(row.command == what::send ? "" : "|").append(row.word);
  script += ") command=$word; break ;;\n    esac\n  done\n  case $words[CURRENT-1] in\n";
  raw_invocation nobody;
  for (const auto& row : option_rows(nobody))
    if (!row.choices.empty())
      script += "    --" + std::string{row.what.flag} + ") compadd -- " + joined(row.choices)
                + "; return ;;\n";
  script += "    --env-file) _files; return ;;\n"
            "    completion) compadd -- bash zsh fish; return ;;\n  esac\n"
            "  if [[ $words[CURRENT] == -* ]]; then\n    case $command in\n";
  for (const auto& row : command_rows())
    script += "      " + (row.word.empty() ? "''" : std::string{row.word}) + ") compadd -- "
              + flags_of(set_of(row.command)) + " ;;\n";
  script += "    esac\n    return\n  fi\n  [[ -n $command ]] || compadd -- " + command_words()
            + "\n  rooms=(\"${(@f)$(" + std::string{list_rooms}
            + ")}\")\n  compadd -a rooms\n}\ncompdef _callboard callboard\n";
  return script;
}

std::string for_fish() {
  std::string script = "# fish completion for callboard; made by: callboard completion fish\n"
                       "complete -c callboard -f\n";
  for (const auto& row : command_rows())
    if (!row.word.empty())
      script += "complete -c callboard -n __fish_use_subcommand -a " + std::string{row.word}
                + " -d '" + quoted(row.meaning) + "'\n";
  raw_invocation nobody;
  for (const auto& row : option_rows(nobody)) {
    std::string words;
    for (const auto& command : command_rows())
      if (!command.word.empty() && (row.commands & set_of(command.command)) != 0)
        words.append(" ").append(command.word);
    const bool chats = (row.commands & set_of(what::chat)) != 0;
    script += "complete -c callboard"
              + (chats ? std::string{} : " -n '__fish_seen_subcommand_from" + words + "'") + " -l "
              + std::string{row.what.flag};
    if (row.what.letter != '\0')
      script.append(" -s ").append(1, row.what.letter);
    if (!row.what.placeholder.empty())
      script += " -x";
    if (!row.choices.empty())
      script += " -a '" + joined(row.choices) + "'";
    script += " -d '" + quoted(row.what.meaning) + "'\n";
  }
  script += "complete -c callboard -l env-file -r -d 'Reads settings from this file'\n"
            "complete -c callboard -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'\n"
            "complete -c callboard -n 'not __fish_seen_subcommand_from completion' -a '("
            + std::string{list_rooms} + ")'\n";
  return script;
}

} // namespace

std::optional<std::string> completion_for(std::string_view shell) {
  if (shell == "bash")
    return for_bash();
  if (shell == "zsh")
    return for_zsh();
  if (shell == "fish")
    return for_fish();
  return std::nullopt;
}

} // namespace callboard::client
