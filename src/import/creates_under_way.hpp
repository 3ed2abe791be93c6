#pragma once

#include "baseload/core/client.hpp"
#include "baseload/core/listing.hpp"

#include <list>
#include <memory>

namespace baseload {

// The creates whose answers are awaited right now. A look-up that finds a client which one of them may have made waits
// for that answer first. The sender adds to it, the resolver reads it; neither knows the other. On the I/O thread.
class creates_under_way {
public:
    // While it lives, a create of these fields is under way; they outlive it. It may outlive the registry, in a
    // suspended coroutine.
    class entry {
    public:
        entry(creates_under_way& all, const client_fields& sent);
        ~entry();
        entry(const entry&) = delete;
        entry& operator=(const entry&) = delete;

    private:
        std::shared_ptr<std::list<const client_fields*>> all_;
        std::list<const client_fields*>::iterator at_;
    };

    // Whether one of them may have made the client.
    [[nodiscard]] bool may_have_made(const listed_client& client) const;

private:
    std::shared_ptr<std::list<const client_fields*>> all_ = std::make_shared<std::list<const client_fields*>>();
};

}  // namespace baseload
