package dev.escala.archive;

import dev.escala.decode.ArchiveSettings;
import dev.escala.decode.ArchiveSettings.Catalog;
import dev.escala.decode.ArchiveSettings.CatalogType;
import java.io.Closeable;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.rest.RESTCatalog;
import org.jspecify.annotations.Nullable;

/** Where tables of the archive are found, and made. */
interface ArchiveTables extends Closeable {
  /** The table, where it is there. */
  Optional<Table> find();

  /** Makes it; where another instance was faster, it is that one. */
  Table make(Schema schema, PartitionSpec spec);

  /** Opens what the settings say; nothing is asked yet. */
  static ArchiveTables open(ArchiveSettings settings) {
    Map<String, String> properties = new HashMap<>();
    if (settings.endpoint() != null) {
      properties.put(ArchiveFiles.ENDPOINT, settings.endpoint().toString());
    }
    settings.region().ifPresent(region -> properties.put(ArchiveFiles.REGION, region));
    ArchiveFiles files = new ArchiveFiles();
    files.initialize(properties);
    return settings.catalog().type() == CatalogType.FILES
        ? new OfFiles(settings, files)
        : new OfCatalog(settings, properties);
  }

  /** Without a catalogue. */
  final class OfFiles implements ArchiveTables {
    private final String location;
    private final String name;
    private final TableFiles files;

    OfFiles(ArchiveSettings settings, TableFiles files) {
      this.location = settings.location();
      this.name = settings.table().toString();
      this.files = files;
    }

    @Override
    public Optional<Table> find() {
      FilesTable table = new FilesTable(location, files);
      return table.current() == null ? Optional.empty() : Optional.of(new BaseTable(table, name));
    }

    @Override
    public Table make(Schema schema, PartitionSpec spec) {
      FilesTable table = new FilesTable(location, files);
      try {
        table.commit(
            null,
            TableMetadata.newTableMetadata(
                schema, spec, SortOrder.unsorted(), location, PROPERTIES));
      } catch (CommitFailedException another) {
        // it is there
      }
      return new BaseTable(table, name);
    }

    @Override
    public void close() {
      files.close();
    }
  }

  /** What each table is made with: readers of version 2 are everywhere. */
  Map<String, String> PROPERTIES =
      Map.of(TableProperties.FORMAT_VERSION, "2", TableProperties.DEFAULT_FILE_FORMAT, "parquet");

  /** In a catalogue that speaks the REST protocol. */
  final class OfCatalog implements ArchiveTables {
    private final ArchiveSettings settings;
    private final Map<String, String> files;
    private final TableIdentifier name;
    private final String location;
    private @Nullable RESTCatalog opened;

    OfCatalog(ArchiveSettings settings, Map<String, String> files) {
      this.name = TableIdentifier.of(settings.table().namespace(), settings.table().table());
      this.location = settings.location();
      this.settings = settings;
      this.files = files;
    }

    /** Asks the catalogue how it wants to be asked. */
    private RESTCatalog catalog() {
      RESTCatalog catalog = opened;
      if (catalog == null) {
        Map<String, String> properties = new HashMap<>(files);
        properties.put("io-impl", ArchiveFiles.class.getName());
        properties.putAll(properties(settings.catalog(), settings.region()));
        catalog = new RESTCatalog();
        catalog.initialize("archive", properties);
        opened = catalog;
      }
      return catalog;
    }

    private static Map<String, String> properties(Catalog configured, Optional<String> region) {
      Map<String, String> properties = new HashMap<>();
      configured.warehouse().ifPresent(warehouse -> properties.put("warehouse", warehouse));
      configured.token().ifPresent(token -> properties.put("token", token));
      configured.credential().ifPresent(secret -> properties.put("credential", secret));
      if (configured.uri() != null) {
        properties.put("uri", configured.uri().toString());
      }
      if (configured.type() == CatalogType.GLUE) {
        properties.putAll(GlueSigning.properties(region, configured.uri()));
      }
      return properties;
    }

    @Override
    public Optional<Table> find() {
      try {
        return Optional.of(catalog().loadTable(name));
      } catch (NoSuchTableException none) {
        return Optional.empty();
      }
    }

    @Override
    public Table make(Schema schema, PartitionSpec spec) {
      RESTCatalog catalog = catalog();
      Namespace namespace = name.namespace();
      try {
        if (!catalog.namespaceExists(namespace)) {
          catalog.createNamespace(namespace);
        }
      } catch (AlreadyExistsException another) {
        // it is there
      }
      try {
        return catalog.createTable(name, schema, spec, location, PROPERTIES);
      } catch (AlreadyExistsException another) {
        return catalog.loadTable(name);
      }
    }

    @Override
    public void close() throws IOException {
      if (opened != null) {
        opened.close();
      }
    }
  }
}
