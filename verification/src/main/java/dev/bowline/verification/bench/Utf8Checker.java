package dev.bowline.verification.bench;

import dev.bowline.codec.Utf8;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.java_websocket.util.Charsetfunctions;

/** Says whether one text is UTF-8, over and over; the text lies where its library would have read it to. */
interface Utf8Checker extends AutoCloseable {
    boolean check();

    @Override
    default void close() {}

    /**
     * Makes one.
     *
     * @param name {@code bowline}, {@code netty}, {@code java-websocket}, or the JDK's: {@code jdk-decoder}, which refuses what
     *     is not UTF-8, and {@code jdk-string}, which puts U+FFFD in its place
     */
    static Utf8Checker of(String name, byte[] text) {
        return switch (name) {
            case "bowline" -> {
                ByteBuffer bytes = ByteBuffer.allocateDirect(text.length).put(0, text);
                yield () -> Utf8.validate(bytes, 0, bytes.limit(), Utf8.ACCEPT) == Utf8.ACCEPT;
            }
            case "netty" -> new Netty(text);
            case "java-websocket" -> {
                ByteBuffer bytes = ByteBuffer.wrap(text);
                yield () -> Charsetfunctions.isValidUTF8(bytes);
            }
            case "jdk-decoder" -> {
                CharsetDecoder decoder = StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
                ByteBuffer bytes = ByteBuffer.wrap(text);
                CharBuffer chars = CharBuffer.allocate(text.length);
                yield () -> decoder.reset()
                        .decode(bytes.clear(), chars.clear(), true)
                        .isUnderflow();
            }
            case "jdk-string" -> () -> new String(text, StandardCharsets.UTF_8).indexOf('\uFFFD') < 0;
            default -> throw new IllegalArgumentException("there is no checker " + name);
        };
    }

    /**
     * Netty's, whose validator is public only as a handler: a pipeline without any other. The handler closes the channel for a
     * text that is not UTF-8.
     */
    final class Netty implements Utf8Checker {
        private final EmbeddedChannel channel = new EmbeddedChannel(new Utf8FrameValidator());
        private final ByteBuf bytes;

        Netty(byte[] text) {
            bytes = PooledByteBufAllocator.DEFAULT.directBuffer(text.length).writeBytes(text);
        }

        @Override
        public boolean check() {
            try {
                channel.writeInbound(new TextWebSocketFrame(bytes.retainedDuplicate()));
            } catch (CorruptedFrameException e) {
                return false;
            }
            Object passed = channel.readInbound();
            ReferenceCountUtil.release(passed);
            return passed != null;
        }

        @Override
        public void close() {
            bytes.release();
            var unused = channel.finishAndReleaseAll();
        }
    }
}
