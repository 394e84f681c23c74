package dev.bowline.verification.soak;

import dev.bowline.websocket.WebSocket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.Executor;

/** What a client can have the server do to their connection: the text {@code C<name of the command>.<number>.}. */
enum Command {
    /** Close with the code given. */
    CLOSE(1),
    /** Cut the stream. */
    TERMINATE(2),
    /** Throw in the callback. */
    THROW(3),
    /** Read nothing for so many milliseconds. */
    PAUSE(4),
    /** Send so many pings. */
    PING(5);

    private final int id;

    Command(int id) {
        this.id = id;
    }

    String text(int number) {
        return "C" + id + "." + number + ".";
    }

    private static Command of(ByteBuffer message) {
        long id = Content.name(message);
        return Arrays.stream(values())
                .filter(command -> command.id == id)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no command: " + Content.describe(message)));
    }

    /**
     * Obeys a text that is a command.
     *
     * @param later runs what is given to it so many milliseconds later
     */
    static void obey(WebSocket socket, ByteBuffer message, Later later) {
        int number = (int) Content.number(message);
        switch (of(message)) {
            case CLOSE -> socket.close(number, "as told");
            case TERMINATE -> socket.terminate();
            case THROW -> throw new OnPurpose();
            case PAUSE -> {
                socket.pauseReading();
                later.delayed(number).execute(socket::resumeReading);
            }
            case PING -> {
                for (int i = 0; i < number; i++) {
                    socket.ping(ByteBuffer.wrap(new byte[] {(byte) i}));
                }
            }
        }
    }

    /** Executors that wait. */
    interface Later {
        Executor delayed(int millis);
    }

    /** What a listener throws because it was told to. */
    static final class OnPurpose extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OnPurpose() {
            super("as told", null, false, false);
        }
    }
}
