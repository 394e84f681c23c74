package dev.bowline.websocket;

/** How event loops move bytes. What an application sees is the same with each. */
public enum TransportKind {
    /**
     * {@link #EPOLL} where it can be had, else {@link #NIO}, with one line in the log that says why. The system property
     * {@code bowline.transport}, with the value {@code nio} or {@code epoll}, decides in its place.
     */
    AUTOMATIC,
    /** The JDK's own selectors and channels; on every system. */
    NIO,
    /**
     * Linux's {@code epoll}, called through the foreign-function API: less processor time and memory for each connection.
     * Needs Linux on x86-64 or arm64, Java 22 or later, and native access for Bowline:
     * {@code --enable-native-access=dev.bowline.websocket}, or {@code =ALL-UNNAMED} where it is on the class path. Where it
     * can't be had, {@link UnsupportedOperationException} says why.
     */
    EPOLL
}
