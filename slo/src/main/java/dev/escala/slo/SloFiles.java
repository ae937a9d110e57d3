package dev.escala.slo;

import dev.escala.config.ConfigurationException;
import dev.escala.config.ConfigurationFile;
import dev.escala.slo.OpenSlo.ServiceDocument;
import dev.escala.slo.OpenSlo.SloDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Reads all SLO files of a folder. */
public final class SloFiles {
  private final List<String> errors = new ArrayList<>();
  private final List<Service> services = new ArrayList<>();
  private final List<Slo> slos = new ArrayList<>();

  private SloFiles() {}

  /**
   * Reads every {@code .yaml} in the order of the names.
   *
   * @throws ConfigurationException with every error of every file
   */
  public static SloBook read(Path folder) throws ConfigurationException {
    SloFiles files = new SloFiles();
    try (Stream<Path> paths = Files.list(folder)) {
      for (Path path : paths.filter(p -> p.toString().endsWith(".yaml")).sorted().toList()) {
        files.add(path.getFileName().toString(), Files.readString(path));
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return files.book(folder.toString());
  }

  private void add(String name, String yaml) {
    try {
      for (OpenSlo.Document document : ConfigurationFile.readAll(name, yaml, OpenSlo::read)) {
        switch (document) {
          case ServiceDocument(Service service) -> services.add(service);
          case SloDocument(Slo slo) -> slos.add(slo);
        }
      }
    } catch (ConfigurationException wrong) {
      wrong.errors().forEach(error -> errors.add(name + ": " + error));
    }
  }

  private SloBook book(String folder) throws ConfigurationException {
    if (errors.isEmpty()) {
      checkTogether();
    }
    if (!errors.isEmpty()) {
      throw new ConfigurationException(folder, errors);
    }
    return new SloBook(services.getFirst(), slos);
  }

  private void checkTogether() {
    Set<String> names = new HashSet<>();
    slos.stream()
        .filter(slo -> !names.add(slo.name()))
        .forEach(slo -> errors.add(slo.name() + " is promised twice"));
    if (services.size() != 1 || slos.isEmpty()) {
      errors.add("there must be one Service and at least one SLO");
      return;
    }
    Service service = services.getFirst();
    Ceiling ceiling = new Ceiling(service);
    for (Slo slo : slos) {
      slo.dependencies().stream()
          .filter(part -> !service.agreements().containsKey(part))
          .forEach(
              part -> errors.add(slo.name() + " depends on " + part + ", which has no agreement"));
      slo.objectives()
          .entrySet()
          .forEach(objective -> ceiling.trouble(slo, objective).ifPresent(errors::add));
    }
  }
}
