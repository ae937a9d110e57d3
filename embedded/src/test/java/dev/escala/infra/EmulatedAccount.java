package dev.escala.infra;

import dev.escala.moto.Moto;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * An account of AWS that is empty and emulated, and a copy of infra/ and ops/ in which the commands
 * of a person reach it: the sources, without what the emulator does not know.
 *
 * @param folder that holds infra and ops
 */
public record EmulatedAccount(Path folder, Map<String, String> environment, Moto moto)
    implements AutoCloseable {

  /** Skips the test, and says why, where Terraform, its provider or moto is missing. */
  public static EmulatedAccount orSkip(Path directory) throws IOException, InterruptedException {
    Terraform terraform = Terraform.orSkip(directory);
    Moto moto = Emulation.orSkip();
    Emulation emulation = new Emulation(terraform, moto.endpoint());
    emulation.leaveOutScaling();
    emulation.leaveOutWhatIsMissing();
    emulation.leaveOutWhatIsMissingOfTheOthers();
    Map<String, String> environment = new HashMap<>();
    terraform
        .provider()
        .folder()
        .ifPresent(plugins -> environment.put("TF_CLI_ARGS_init", "-plugin-dir=" + plugins));
    environment.put("TF_CLI_ARGS", "-no-color");
    environment.put("TF_CLI_ARGS_apply", "-auto-approve -parallelism=20");
    environment.put("TF_CLI_ARGS_destroy", "-auto-approve -parallelism=20");
    environment.put("TF_INPUT", "0");
    environment.put("CHECKPOINT_DISABLE", "1");
    environment.put("AWS_ENDPOINT_URL", moto.endpoint().toString());
    environment.put("AWS_ACCESS_KEY_ID", "test");
    environment.put("AWS_SECRET_ACCESS_KEY", "test");
    environment.put("AWS_REGION", "eu-west-1");
    environment.put("AWS_DEFAULT_REGION", "eu-west-1");
    environment.put("AWS_PAGER", "");
    return new EmulatedAccount(directory, environment, moto);
  }

  public URI endpoint() {
    return moto.endpoint();
  }

  /** A hosted zone, as whoever owns a domain has one. */
  public String createZone(String domain) throws IOException, InterruptedException {
    return moto.createZone(domain);
  }

  @Override
  public void close() {
    moto.close();
  }
}
