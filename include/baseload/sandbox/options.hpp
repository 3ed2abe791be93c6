#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace baseload::sandbox {

// What an account has: extra fields by id, name and editor ("text", "select", …), with the options of some.
struct extra_field {
    std::int64_t id = 0;
    std::string name;
    std::string editor;
    std::vector<std::string> options;
};

struct named {
    std::int64_t id = 0;
    std::string name;
};

// How the stand-in behaves. Its limit and its answers follow src/api/README.md.
struct options {
    std::uint16_t port = 0;  // 0: a free one
    std::string token = "sandbox-token";
    std::string read_only_token;  // one that may not write; empty: there is none
    std::uint32_t limit = 100;    // requests a minute; 0: none
    std::chrono::milliseconds block{600'000};
    std::string block_zone = "Europe/Warsaw";  // in which a block's end is written; "local" is the machine's
    std::chrono::milliseconds latency{0};
    std::string faults;     // "drop-after=0.05,500=0.1": see fault_plan.hpp
    std::string faults_in;  // the one method that meets them; empty: every one
    std::uint32_t page_size = 100;
    std::string changes;  // of the texts that are stored, "escape,nfd": see stored_form.hpp
    double edits = 0;     // share of the new clients that staff change at once: another e-mail
    std::optional<std::uint64_t> seed;
    std::chrono::milliseconds late_by{2000};  // of the fault "late"
    std::filesystem::path state;              // empty: in memory
    bool ids_as_strings = false;
    bool empty_maps_as_arrays = false;
    std::string content_type = "text/html";  // of answers in JSON: the one that was seen
    bool strict_transport = false;           // refuses what is deprecated or odd, and that clients send all the same
    // What the service does with these is documented nowhere.
    bool cuts_overlong = false;           // texts, where it could refuse them
    bool accepts_unknown_status = false;  // and stores its number
    bool unix_dates = false;              // a date of an extra field is stored, and read back, as a Unix time
    // Each has an id that the service could give; the examples of README.md name them.
    std::vector<extra_field> extra_fields = {{101, "Segment", "text", {}},
                                             {102, "Rabat", "number", {}},
                                             {103, "Region", "select", {"Północ", "Południe"}},
                                             {104, "Zgody", "checkbox", {"e-mail", "telefon"}},
                                             {105, "Typ", "radio", {"detal", "hurt"}},
                                             {106, "Klient od", "date", {}},
                                             {107, "Umowa", "file", {}}};
    std::vector<named> statuses = {{1, "Nowy"}, {2, "Stały klient"}, {3, "Hurt"}};  // of a new state; the first is the
                                                                                    // primary one
    std::vector<named> contractors = {{201, "Hurtownia Północ"}, {202, "Sklep Południe"}};
    bool newest_first = false;              // the order of getCrmClients
    std::filesystem::path tls_certificate;  // PEM, with its key: then it speaks HTTPS
    std::filesystem::path tls_key;
};

}  // namespace baseload::sandbox
