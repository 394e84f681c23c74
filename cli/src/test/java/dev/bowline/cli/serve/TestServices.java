package dev.bowline.cli.serve;

import dev.bowline.cli.CommandFailure;
import dev.bowline.cli.config.ConfigurationException;
import dev.bowline.cli.config.ConfigurationReader;
import dev.bowline.cli.config.Options;
import dev.bowline.cli.config.Settings;
import java.util.Map;

/** Servers in the process of the tests, on free ports. */
public final class TestServices {
    private TestServices() {}

    /** The demo, without an API. */
    public static Service demo() {
        return start(new Options());
    }

    /** As the options say, on a free port and without an API unless they say otherwise. */
    static Service start(Options options) {
        Map<String, String> free = Map.of("BOWLINE_SERVER_PORT", "0", "BOWLINE_API_ENABLED", "false");
        try {
            return Service.start(
                    ConfigurationReader.read(null, free, options.set("--quiet", Settings.LOG_CONNECTIONS, false)));
        } catch (ConfigurationException | CommandFailure e) {
            throw new AssertionError(e);
        }
    }
}
