package dev.escala.slo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.config.ConfigurationException;
import org.junit.jupiter.api.Test;
import tools.jackson.dataformat.yaml.YAMLMapper;

class AlertmanagerConfigTest {
  @Test
  void anyAddressOfTheWatchdogStaysOneText() throws ConfigurationException {
    String address = "https://a/?b=\"c\" # d: e\n- f";
    SloBook book = SloFiles.read(Ops.FOLDER.resolve("slo"));
    Presentation presentation = new Presentation(Timescale.REAL, "", "", address);
    String yaml = new AlertmanagerConfig().artifacts(book, presentation).getFirst().content();
    assertThat(new YAMLMapper().readTree(yaml).at("/receivers/3/webhook_configs/0/url").asString())
        .isEqualTo(address);
  }
}
