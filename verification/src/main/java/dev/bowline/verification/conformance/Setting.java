package dev.bowline.verification.conformance;

/**
 * How a case is played.
 *
 * @param subject which side is under test
 * @param cut how the bytes are cut into writes
 * @param effort how much of the long cases is played
 */
record Setting(Subject subject, Cut cut, Effort effort) {
    /** The side under test. */
    enum Subject {
        /** Our server, by a fuzzing client. */
        SERVER,
        /** Our client, by a fuzzing server. */
        CLIENT
    }

    /** How bytes are cut into writes. */
    enum Cut {
        /** As the case describes it. */
        AS_DESCRIBED,
        /** A write for each byte, the opening handshake included. Of long writes only the first and last bytes. */
        ONE_BYTE
    }

    /** How much of the long cases is played. */
    enum Effort {
        /** Everything as described. */
        FULL(1_000, 1_000, 1_000),
        /** The same steps, with fewer messages in a row and short pauses. */
        REDUCED(40, 4, 50);

        private final int messages;
        private final int compressedMessages;
        private final int pauseMillis;

        Effort(int messages, int compressedMessages, int pauseMillis) {
            this.messages = messages;
            this.compressedMessages = compressedMessages;
            this.pauseMillis = pauseMillis;
        }

        /** How many messages are sent where the case says a thousand. */
        int messages() {
            return messages;
        }

        /** How many compressed messages are sent where the case says a thousand. */
        int compressedMessages() {
            return compressedMessages;
        }

        /** How long a pause takes where the case says a second. */
        int pauseMillis() {
            return pauseMillis;
        }
    }
}
