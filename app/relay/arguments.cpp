// SPDX-License-Identifier: MIT
#include "app/relay/arguments.hpp"

#include <CLI/CLI.hpp>

namespace kith::relay {
namespace {

void add_options(CLI::App& app, StartArguments& start) {
    app.set_version_flag("--version", "kith-relay " KITH_VERSION);
    app.add_option("--config", start.config, "TOML file with these settings; options beat it")
        ->type_name("FILE");
    for (const Setting& setting : all_settings()) {
        app.add_option("--" + std::string(setting.name), start.flags.*setting.value, setting.text)
            ->type_name(setting.type)
            ->check([check = setting.check](const std::string& value) { return check(value); });
    }
}

UsageError usage_error(const std::string& text) {
    return {text + "\nRun `kith-relay --help` for all options."};
}

}  // namespace

Arguments parse_arguments(int argc, const char* const* argv) {
    StartArguments start;
    CLI::App app{"A relay for Kith: reaches people behind NAT, reads nothing.", "kith-relay"};
    add_options(app, start);
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        return Information{app.help()};
    } catch (const CLI::CallForVersion& version) {
        return Information{std::string(version.what()) + "\n"};
    } catch (const CLI::ParseError& error) {
        return usage_error(error.what());
    }
    return start;
}

}  // namespace kith::relay
