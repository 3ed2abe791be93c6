#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>
#include <spdlog/spdlog.h>

int main(int argument_count, char** arguments) {
    spdlog::set_level(spdlog::level::off);  // what the rooms log is no part of a test's report
    return doctest::Context(argument_count, arguments).run();
}
