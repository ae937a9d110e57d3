package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.ParseResult;

/** The short way into the server understands nothing otherwise than the command line does. */
class ServeTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "serve",
        "serve --role api",
        "serve --role Ingest",
        "serve --config escala.yaml",
        "serve --role all --config /etc/escala.yaml",
        "serve --config /etc/escala.yaml --role ingest"
      })
  void isReadAsTheCommandLineReadsIt(String line) {
    String[] arguments = line.split(" ");
    ParseResult parsed = EscalaCommand.commandLine().parseArgs(arguments).subcommand();
    Serve expected = ((ServeCommand) parsed.commandSpec().userObject()).serve();

    assertThat(Serve.plain(arguments)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Serve",
        "demo",
        "version --role api",
        "serve --help",
        "serve --role=api",
        "serve --role reader",
        "serve --role",
        "serve --port 80",
        "serve --role api --role all",
        "serve --config @arguments",
        "serve --config --role",
        "--role api serve"
      })
  void whatIsNotPlainIsLeftToTheCommandLine(String line) {
    assertThat(Serve.plain(line.split(" "))).isEmpty();
    assertThat(Serve.plain()).isEmpty();
  }
}
