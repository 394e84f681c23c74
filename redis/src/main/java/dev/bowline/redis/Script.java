package dev.bowline.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A Lua script, which Redis knows by its digest once it has run it. */
enum Script {
    APPEND("log.lua", "append.lua"),
    READ("log.lua", "read.lua"),
    BEAT("time.lua", "beat.lua"),
    DEPART("time.lua", "depart.lua"),
    SWEPT("swept.lua"),
    TOPICS("topics.lua"),
    SEATS("time.lua", "presence.lua", "seats.lua"),
    PRESENT("present.lua"),
    SWEEP("time.lua", "presence.lua", "sweep.lua"),
    SAYERS("sayers.lua"),
    BEHIND("log.lua", "behind.lua"),
    GREW("session.lua", "grew.lua"),
    GROWN("grown.lua"),
    CLOCK("session.lua", "clock.lua"),
    INCARNATION("incarnation.lua"),
    CREATE("session.lua", "create.lua"),
    LOOK("session.lua", "look.lua"),
    KEEP("session.lua", "keep.lua"),
    CLAIM("session.lua", "claim.lua"),
    RELEASE("session.lua", "release.lua"),
    ABANDON("session.lua", "abandon.lua"),
    REOWN("session.lua", "reown.lua"),
    REMOVE("session.lua", "remove.lua"),
    OVER("session.lua", "over.lua"),
    DUE("session.lua", "due.lua"),
    DONE("done.lua"),
    PAGE("page.lua"),
    SET("set.lua"),
    MEMBERS("members.lua"),
    USER_HAS("user-has.lua"),
    USER_SESSION("user-session.lua"),
    USER_SESSIONS("user-sessions.lua"),
    USER_SAY("user-say.lua"),
    USER_READ("session.lua", "user-read.lua"),
    USER_RECEIVED("session.lua", "user-received.lua"),
    USER_AWAIT("session.lua", "user-await.lua"),
    ONCE("once.lua"),
    MARK("mark.lua");

    private final String text;
    private final String digest;

    Script(String... files) {
        StringBuilder all = new StringBuilder();
        for (String file : files) {
            all.append(read(file)).append('\n');
        }
        text = all.toString();
        try {
            digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text())); // as EVALSHA has it
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }

    private static String read(String file) {
        try (InputStream resource = Script.class.getResourceAsStream(file)) {
            if (resource == null) {
                throw new IllegalStateException("the resource " + file + " is missing");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] text() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    String digest() {
        return digest;
    }
}
