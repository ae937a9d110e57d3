package dev.escala.archive;

import dev.escala.archive.FileReading.ColumnFacts;
import dev.escala.serve.columnar.ParquetFile;
import dev.escala.store.ArchivePart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** The table of the archive of one topic: which files it has, and how another one comes into it. */
final class ArchiveTable {
  static final String TIME = "_event_time";

  /** Properties of snapshots that tell whose work they are. */
  static final String PART = "escala.part";

  private static final String GENERATION = "escala.generation";
  private static final String CHECKSUM = "escala.checksum";

  /** Others may change the table at the same time. */
  private static final int ATTEMPTS = 5;

  private final Table table;

  ArchiveTable(Table table) {
    this.table = table;
  }

  /** By months: a file of a day and one of a month both fit, and engines skip days by bounds. */
  static PartitionSpec byMonth(Schema schema) {
    return PartitionSpec.builderFor(schema).month(TIME).build();
  }

  FileIO files() {
    return table.io();
  }

  /** The name of the file of a partition, the same whenever it is written again. */
  String place(ArchivePart part) throws IOException {
    String name = part.name().replaceAll(".*\\.", "").replaceAll("[^A-Za-z0-9_]", "");
    String file = "%s-%s-%d.parquet".formatted(name, part.id(), part.generation());
    PartitionSpec spec = spec();
    return spec.isUnpartitioned()
        ? table.locationProvider().newDataLocation(file)
        : table.locationProvider().newDataLocation(spec, month(spec, part), file);
  }

  private PartitionSpec spec() throws IOException {
    PartitionSpec spec = table.spec();
    List<PartitionField> fields = spec.fields();
    boolean isByMonth =
        fields.size() == 1
            && fields.getFirst().transform().toString().equals("month")
            && TIME.equals(table.schema().findColumnName(fields.getFirst().sourceId()));
    if (!spec.isUnpartitioned() && !isByMonth) {
      throw new IOException(
          "%s is partitioned by %s, not by months of %s".formatted(table.name(), fields, TIME));
    }
    return spec;
  }

  private static PartitionData month(PartitionSpec spec, ArchivePart part) throws IOException {
    LocalDate first = LocalDate.ofInstant(part.from(), ZoneOffset.UTC);
    LocalDate last = LocalDate.ofInstant(part.to().minusNanos(1000), ZoneOffset.UTC);
    if (!first.withDayOfMonth(1).equals(last.withDayOfMonth(1))) {
      throw new IOException(part.name() + " spans several months");
    }
    PartitionData data = new PartitionData(spec.partitionType());
    data.set(0, (int) ChronoUnit.MONTHS.between(LocalDate.EPOCH.withDayOfMonth(1), first));
    return data;
  }

  /** The columns with the ids that the table has for them. */
  List<ParquetFile.Field> fields(List<ArchiveColumn> columns) {
    Types.StructType struct = table.schema().asStruct();
    return columns.stream()
        .map(
            column -> {
              Types.NestedField field = struct.field(column.name());
              int element = field.type().isListType() ? field.type().asListType().elementId() : 0;
              return new ParquetFile.Field(column.name(), column.type(), field.fieldId(), element);
            })
        .toList();
  }

  /** Whether the table has the rows of the partition: its file, or what somebody made of it. */
  boolean has(ArchivePart part) throws IOException {
    table.refresh();
    String file = part.file();
    return file == null
        || ofPart(part).stream().anyMatch(found -> found.location().equals(file))
        || (ofPart(part).isEmpty() && committed(part) == part.generation());
  }

  /** The files of a partition, of all generations. */
  private List<DataFile> ofPart(ArchivePart part) throws IOException {
    List<DataFile> found = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks =
        table.newScan().filter(span(part)).includeColumnStats().planFiles()) {
      for (FileScanTask task : tasks) {
        if (task.file().location().contains(part.id().toString())) {
          found.add(task.file());
        }
      }
    } catch (UncheckedIOException failure) {
      throw failure.getCause();
    }
    return found;
  }

  private static Expression span(ArchivePart part) {
    return Expressions.and(
        Expressions.greaterThanOrEqual(TIME, micros(part.from())),
        Expressions.lessThan(TIME, micros(part.to())));
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  /** The generation that was committed last, as far as snapshots tell; 0 for none. */
  private int committed(ArchivePart part) {
    int last = 0;
    for (Snapshot snapshot : table.snapshots()) {
      Map<String, String> summary = snapshot.summary();
      if (part.id().toString().equals(summary.get(PART))) {
        last = Math.max(last, Integer.parseInt(summary.getOrDefault(GENERATION, "0")));
      }
    }
    return last;
  }

  /**
   * Adds the file of a partition in place of those of earlier generations. Where that was done
   * before, and the process that did it did not live to note it, there is nothing to do.
   *
   * @param read the file as it was read back
   */
  void commit(ArchivePart part, List<ArchiveColumn> columns, FileReading read) throws IOException {
    DataFile file = part.file() == null ? null : file(part, columns, read);
    for (int i = 1; ; i++) {
      table.refresh();
      List<DataFile> earlier = ofPart(part);
      boolean isThere =
          earlier.removeIf(each -> each.location().equals(part.file()))
              || (earlier.isEmpty() && committed(part) == part.generation());
      if (isThere || (file == null && earlier.isEmpty())) {
        return;
      }
      if (earlier.isEmpty() && committed(part) > 0) {
        throw new IOException(
            "the rows of %s stand in files of somebody else by now, and cannot be replaced"
                .formatted(part.name()));
      }
      try {
        overwrite(part, earlier, file);
        return;
      } catch (ValidationException another) {
        if (i == ATTEMPTS) {
          throw new IOException("others change %s all the time".formatted(table.name()), another);
        }
      }
    }
  }

  private void overwrite(ArchivePart part, List<DataFile> earlier, @Nullable DataFile file) {
    OverwriteFiles overwrite =
        table
            .newOverwrite()
            .set(PART, part.id().toString())
            .set(GENERATION, Integer.toString(part.generation()))
            .set(CHECKSUM, part.checksum());
    earlier.forEach(overwrite::deleteFile);
    if (file != null) {
      overwrite.addFile(file);
    }
    // Whoever was taken for dead, and does the same a moment earlier, is noticed.
    Snapshot seen = table.currentSnapshot();
    if (seen != null) {
      overwrite.validateFromSnapshot(seen.snapshotId());
    }
    overwrite.conflictDetectionFilter(span(part)).validateNoConflictingData().commit();
  }

  private DataFile file(ArchivePart part, List<ArchiveColumn> columns, FileReading read)
      throws IOException {
    PartitionSpec spec = spec();
    DataFiles.Builder file =
        DataFiles.builder(spec)
            .withPath(part.file())
            .withFormat(FileFormat.PARQUET)
            .withFileSizeInBytes(part.bytes())
            .withRecordCount(part.rows())
            .withMetrics(metrics(columns, read))
            .withSplitOffsets(read.groups());
    if (!spec.isUnpartitioned()) {
      var _ = file.withPartition(month(spec, part));
    }
    return file.build();
  }

  private Metrics metrics(List<ArchiveColumn> columns, FileReading read) {
    Map<Integer, Long> octets = new HashMap<>();
    Map<Integer, Long> values = new HashMap<>();
    Map<Integer, Long> nulls = new HashMap<>();
    Map<Integer, Long> nans = new HashMap<>();
    Map<Integer, ByteBuffer> least = new HashMap<>();
    Map<Integer, ByteBuffer> most = new HashMap<>();
    List<ParquetFile.Field> fields = fields(columns);
    for (int i = 0; i < columns.size(); i++) {
      ColumnFacts facts = read.facts().get(i);
      int id = fields.get(i).elementId() == 0 ? fields.get(i).id() : fields.get(i).elementId();
      octets.put(id, facts.octets);
      if (!columns.get(i).type().isList()) {
        values.put(id, facts.values);
        nulls.put(id, facts.nulls);
        nans.put(id, facts.nans);
      }
      if (facts.hasBounds()) {
        Type type = table.schema().findType(id);
        least.put(id, bound(type, facts.least));
        most.put(id, bound(type, facts.most));
      }
    }
    return new Metrics(read.sum().rows(), octets, values, nulls, nans, least, most);
  }

  private static ByteBuffer bound(Type type, long value) {
    boolean isShort = type.typeId() == Type.TypeID.INTEGER || type.typeId() == Type.TypeID.DATE;
    return Conversions.toByteBuffer(type, isShort ? (Object) (int) value : (Object) value);
  }
}
