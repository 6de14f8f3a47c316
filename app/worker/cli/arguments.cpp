#include "app/worker/cli/arguments.h"

#include <algorithm>

namespace quantoscope {
namespace {

const OptionDescription* findFlag(const std::vector<OptionDescription>& flags, const std::string& name) {
    const auto found = std::ranges::find_if(flags, [&](const auto& flag) { return flagName(flag.id) == name; });
    return found == flags.end() ? nullptr : &*found;
}

std::unexpected<Error> unknownFlag(const std::vector<OptionDescription>& flags, const std::string& name) {
    std::vector<std::string> names;
    for (const auto& flag : flags) names.push_back(flagName(flag.id));
    const auto near = nearestWord(name, names);
    return usageError("unknown option '" + name + "'" +
                      (near.empty() ? "; --help lists them" : "; did you mean '" + near + "'?"));
}

}  // namespace

std::string flagName(std::string_view id) {
    std::string name = "--" + std::string(id);
    std::ranges::replace(name, '_', '-');
    return name;
}

Result<Arguments> parseArguments(const std::vector<std::string>& words, const std::vector<OptionDescription>& flags) {
    Arguments arguments;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto& word = words[i];
        if (!word.starts_with("--") || word == "--") {
            arguments.positional.push_back(word);
            continue;
        }
        const auto equals = word.find('=');
        const auto name = word.substr(0, equals);
        const auto* flag = findFlag(flags, name);
        if (flag == nullptr) return unknownFlag(flags, name);
        std::string value;
        if (equals != std::string::npos)
            value = word.substr(equals + 1);
        else if (flag->type == OptionType::boolean)
            value = "true";
        else if (i + 1 < words.size())
            value = words[++i];
        else
            return usageError("option '" + name + "' needs a value");
        QS_ASSIGN(arguments.given[flag->id], parseOption(*flag, value));
    }
    QS_ASSIGN(arguments.flags, completeOptions(flags, arguments.given));
    return arguments;
}

std::string peekFlag(const std::vector<std::string>& words, std::string_view id) {
    const auto name = flagName(id);
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] == name && i + 1 < words.size()) return words[i + 1];
        if (words[i].starts_with(name + "=")) return words[i].substr(name.size() + 1);
    }
    return {};
}

}  // namespace quantoscope
