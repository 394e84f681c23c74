package dev.bowline.redis;

import java.util.function.Supplier;

/**
 * What the parts of one process's engine share.
 *
 * @param secrets gives what nobody can guess: each time another string of 22 characters of base64url
 */
record Site(
        RedisOptions options,
        RedisLink link,
        SessionKeys keys,
        Processes processes,
        Pauses pauses,
        Retries retries,
        Supplier<String> secrets) {
    /** The id of the process of an owner, or of a process's name. */
    static String idOf(String owner) {
        return owner.substring(0, owner.indexOf('.'));
    }

    /** The name of the process of an owner. */
    static String nameOf(String owner) {
        return owner.substring(0, owner.indexOf('/'));
    }

    /** A member as the owner of a session, now. */
    String owner(RedisMember member) {
        return processes.name() + "/" + member.index();
    }

    /** What all owners of this process begin with, whatever its name is. */
    String ownersPrefix() {
        return processes.id() + ".";
    }

    boolean isOwn(String owner) {
        return owner.startsWith(ownersPrefix());
    }
}
