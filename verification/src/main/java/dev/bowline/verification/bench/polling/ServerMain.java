package dev.bowline.verification.bench.polling;

import com.sun.management.OperatingSystemMXBean;
import dev.bowline.realtime.HubOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A server in a process of its own. Arguments: the name of {@link How} its clients get to know of changes, the number of users, and how many
 * seconds an answer may wait for something new. It says its port. Each line that it hears is answered by one line of numbers:
 *
 * <ul>
 *   <li>{@code change ORDER VERSION}: the order has this version now
 *   <li>{@code usage}: nanoseconds of processor time so far, and {@link BenchServer#handled}
 * </ul>
 */
public final class ServerMain {
    private static final Logger HTTP_LOG = Logger.getLogger("org.eclipse.jetty"); // held, as its level is lost with it

    private ServerMain() {}

    public static void main(String[] arguments) throws IOException {
        HTTP_LOG.setLevel(Level.WARNING);
        BenchServer server = start(
                How.valueOf(arguments[0]),
                Integer.parseInt(arguments[1]),
                Duration.ofSeconds(Long.parseLong(arguments[2])));
        System.out.println(server.port());
        try {
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                System.out.println(answer(server, line.split(" ", -1)));
            }
        } catch (RuntimeException e) {
            System.err.println("a server fails: " + e);
            System.exit(1); // else its threads would go on
        }
        System.exit(0); // whoever started it is gone
    }

    /** In this process. */
    static BenchServer start(How how, int users, Duration wait) throws IOException {
        return how == How.PUSH ? new PushServer(HubOptions.DEFAULT) : new PolledServer(users, wait);
    }

    private static String answer(BenchServer server, String[] question) {
        switch (question[0]) {
            case "change" -> {
                server.change(Integer.parseInt(question[1]), Long.parseLong(question[2]));
                return "";
            }
            case "usage" -> {
                OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
                return system.getProcessCpuTime() + " " + server.handled();
            }
            default -> throw new IllegalArgumentException("what is " + question[0] + "?");
        }
    }
}
