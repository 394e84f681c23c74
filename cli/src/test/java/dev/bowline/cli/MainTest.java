package dev.bowline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** How the program is called, and how it answers a mistake. */
class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String line) {
        CommandLine program = Main.commandLine();
        program.setOut(new PrintWriter(out));
        program.setErr(new PrintWriter(err));
        return program.execute(line.isEmpty() ? new String[0] : line.split(" ", -1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "serve --help", "connect --help"})
    void helpIsAResult(String line) {
        assertThat(run(line)).isZero();
        assertThat(out.toString()).startsWith("Usage: bowline").contains("--version");
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "-V", "serve --version", "connect --version"})
    void versionIsFilledInByTheBuild(String line) {
        assertThat(run(line)).isZero();
        assertThat(out.toString().strip())
                .matches("bowline \\d+\\.\\d+\\.\\d+(-SNAPSHOT)? \\(Java "
                        + System.getProperty("java.version").replace(".", "\\.").replace("+", "\\+") + "\\)");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void withoutACommandHelpGoesToStderr() {
        assertThat(run("")).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).startsWith("Usage: bowline").contains("serve");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "serv                 | bowline: there is no command \"serv\", only serve, init, check-config, token, publish, subscribe, sessions, connect, bench",
                "--prot               | bowline: there is no option --prot, only --help, --version",
                "serve --prot 1       | bowline serve: there is no option --prot, only --config, --host, --port",
                "serve now            | bowline serve: the argument \"now\" is one too many",
                "serve --port         | bowline serve: missing required parameter for option '--port'",
                "serve --port abc     | bowline serve: the port is \"abc\", but must be a number" + " from 0 to 65535",
                "serve --port 65536   | the port is \"65536\", but must be a number from 0 to 65535",
                "serve --port -1      | the port is \"-1\", but must be a number from 0 to 65535",
                "serve --port=        | the port is empty, but must be a number from 0 to 65535",
                "connect             | bowline connect: missing required parameter: 'URL'",
                "connect localhost:80 | the URL is \"localhost:80\", but must be like ws://127.0.0.1:3000/path?query",
                "connect http://a/    | the URL is \"http://a/\", but must be like ws://",
                "connect ws:///a      | the URL is \"ws:///a\", but must be like ws://",
                "connect wss://a/#b   | bowline connect: URI must not have a fragment",
                "connect ws://a --insecure | --insecure is for wss:// addresses, but the URL is ws://a",
                "connect ws://a --tls-ca f | --tls-ca is for wss:// addresses, but the URL is ws://a",
                "connect wss://a --insecure --tls-ca f | --tls-ca and --insecure exclude each other",
                "serve --tls-key f    | server.tls.key (--tls-key) is given without server.tls.certificate (--tls-cert), which it belongs to",
                "connect ws://a/#b    | bowline connect: URI must not have a fragment",
                "connect ws://a b     | the argument \"b\" is one too many",
                "connect ws://a --header Foo | the header is \"Foo\", but must be a name, a colon and a value",
                "connect ws://a --header Host:b | header host is set by the handshake itself",
                "connect ws://a --subprotocol a/b | subprotocol \"a/b\" is not a token: it has / at index 1",
                "connect ws://a --wait -1 | the wait is \"-1\", but must be a number of milliseconds",
                "connect ws://a --wait 1s | the wait is \"1s\", but must be a number of milliseconds",
                "serve --host=        | the host is empty, but must be a host name or an IP address",
                "serve --host 0.0.0.0 | bowline serve: the host 0.0.0.0 can be reached from other machines, so say which"
                        + " pages may open WebSockets beside the server's own: server.origins (--allow-origin), such as"
                        + " https://example.com, or server.anyOrigin (--allow-any-origin); see bowline serve --help.",
                "serve --host ::      | the host :: can be reached from other machines",
                "serve --allow-origin http://a --allow-any-origin | server.anyOrigin (--allow-any-origin) leaves nothing for",
                "serve --allow-origin a.example | the allowed origin \"a.example\" must begin with a scheme",
                "serve --allow-origin * | the allowed origin \"*\" is no origin; only --allow-any-origin allows every",
                "serve --allow-host a:1 | the allowed host \"a:1\" must have no port: a; see",
                "serve --host []      | the host is empty, but must be a host name or an IP address",
            })
    void aMistakeIsToldInOneLine(String line, String sentence) {
        assertThat(run(line)).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains(sentence).endsWith(" --help." + System.lineSeparator());
        assertThat(err.toString().lines()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "--header, 'X: abc\r\nY: forged', value of header X has \\u000D at index 3",
        "--header, 'X\nY: forged', header name \"X\\u000AY\" is not a token: it has \\u000A at index 1",
        "--header, 'X: abc\0', value of header X has \\u0000 at index 3",
        "--subprotocol, 'abc\r\nY: forged', 'subprotocol \"abc\\u000D\\u000AY: forged\" is not a token: it has \\u000D'"
    })
    void whatWouldForgeALineOfTheRequestIsRefusedAndShown(String option, String value, String sentence) {
        CommandLine program = Main.commandLine().setErr(new PrintWriter(err));
        assertThat(program.execute("connect", "ws://127.0.0.1:1/", option, value))
                .isEqualTo(2);
        assertThat(err.toString()).contains(sentence);
        assertThat(err.toString().lines()).hasSize(1);
    }

    @Test
    void noColourLeavesWhereThereIsNoTerminal() {
        run("--help");
        run("serve --bad");
        assertThat((out.toString() + err).getBytes(StandardCharsets.UTF_8)).doesNotContain((byte) 0x1b);
    }
}
