package dev.escala.decode;

import dev.escala.config.Section;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the closed partitions of a topic's table go, and when.
 *
 * @param after how long ago the span of a partition ended
 * @param to the folder of the tables, in S3 or of files
 * @param table the name that the table of the archive has
 * @param endpoint of S3; null: the region's; one without TLS is an emulator and gets no real
 *     credentials
 * @param region of S3 and Glue; absent: as the environment says
 */
public record ArchiveSettings(
    Duration after,
    URI to,
    Catalog catalog,
    Name table,
    @Nullable URI endpoint,
    Optional<String> region) {
  /** Messages that come late or again find their partition for so long at least. */
  private static final Duration SHORTEST = Duration.ofHours(1);

  private static final Set<String> SCHEMES = Set.of("s3", "file");

  /** Where the table is, unless its catalogue says otherwise. */
  public String location() {
    return "%s/%s/%s".formatted(to, table.namespace(), table.table());
  }

  /** The name of a table in a catalogue. */
  public record Name(String namespace, String table) {
    @Override
    public String toString() {
      return namespace + "." + table;
    }
  }

  /** Who knows which state of the table is the current one. */
  public enum CatalogType {
    /** The files of the table, by a version that only one writer can make. */
    FILES,
    /** A catalogue that speaks Iceberg's REST protocol. */
    REST,
    /** The data catalogue of AWS Glue, over the same protocol. */
    GLUE
  }

  /**
   * A catalogue.
   *
   * @param uri of its REST protocol; null for files, and for the endpoint of Glue's region
   * @param warehouse as the catalogue calls it; of Glue the id of the account
   * @param credential {@code client:secret} of OAuth 2
   */
  public record Catalog(
      CatalogType type,
      @Nullable URI uri,
      Optional<String> warehouse,
      Optional<String> token,
      Optional<String> credential) {

    /** Secrets are not shown. */
    @Override
    public String toString() {
      return type + " " + uri;
    }
  }

  /** Absent where no place is named, or an empty one. */
  static Optional<ArchiveSettings> read(
      Section topic, TableName table, Partition partition, Duration retain) {
    if (!topic.has("archive")) {
      return Optional.empty();
    }
    Section section = topic.section("archive");
    Optional<URI> to = to(section);
    Duration after = section.duration("after", Duration.ofDays(30));
    Catalog catalog = catalog(section.section("catalog"));
    Name name = name(section, table);
    URI endpoint = section.address("endpoint", "http://localhost:9000").orElse(null);
    Optional<String> region = section.optionalText("region");
    if (to.isEmpty()) {
      return Optional.empty();
    }
    if (partition == Partition.NONE) {
      topic.reject("archive", "needs partition: day or month, since whole partitions are archived");
    }
    if (after.compareTo(SHORTEST) < 0) {
      section.reject("after", "must be at least 1h");
    }
    if (!retain.isZero() && retain.compareTo(after) < 0) {
      topic.reject("retain", "must not be shorter than archive.after: nothing goes unarchived");
    }
    return to.map(place -> new ArchiveSettings(after, place, catalog, name, endpoint, region));
  }

  private static Optional<URI> to(Section section) {
    if (!section.has("to")) {
      section.reject("to", "is missing: where the files go, such as s3://bucket/folder");
    }
    Optional<String> text = section.optionalText("to");
    Optional<URI> to = text.flatMap(ArchiveSettings::place);
    if (text.isPresent() && to.isEmpty()) {
      section.reject("to", "must be like s3://bucket/folder or file:///folder, not " + text.get());
    }
    return to;
  }

  private static Optional<URI> place(String text) {
    try {
      URI to = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      boolean isKnown = to.getScheme() != null && SCHEMES.contains(to.getScheme());
      return isKnown && to.getPath() != null ? Optional.of(to) : Optional.empty();
    } catch (URISyntaxException malformed) {
      return Optional.empty();
    }
  }

  private static Catalog catalog(Section section) {
    CatalogType type = section.choice("type", CatalogType.FILES);
    URI uri = section.address("uri", "https://catalog.example/iceberg").orElse(null);
    if (type == CatalogType.REST && uri == null) {
      section.reject("uri", "is missing: where the catalogue answers");
    }
    return new Catalog(
        type,
        uri,
        section.optionalText("warehouse"),
        section.optionalText("token"),
        section.optionalText("credential"));
  }

  private static Name name(Section section, TableName table) {
    String name = section.optionalText("table").orElse(table.database() + "." + table.table());
    int point = name.indexOf('.');
    if (point <= 0 || point == name.length() - 1) {
      section.reject("table", "must be like namespace.table, not " + name);
      return new Name("none", "none");
    }
    return new Name(name.substring(0, point), name.substring(point + 1));
  }
}
