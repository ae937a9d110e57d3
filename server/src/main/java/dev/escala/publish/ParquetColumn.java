package dev.escala.publish;

import dev.hardwood.reader.ColumnReader;
import dev.hardwood.reader.Validity;
import dev.hardwood.schema.SchemaNode.PrimitiveNode;
import java.util.Arrays;

/**
 * The entries of one column in a batch of rows, one after the other. An entry is a value, or says
 * on which level there is none; its levels are those of Parquet (definition and repetition).
 */
final class ParquetColumn {
  private static final int[] NONE = {};

  private final PrimitiveNode type;
  private final ColumnReader reader;

  /** The least definition of entries that have a place among the values. */
  private final int placed;

  private int[] definitions = NONE;
  private int[] repetitions = NONE;
  private Validity validity = Validity.NO_NULLS;
  private Object values = NONE;
  private int[] offsets = NONE;
  private boolean dense;
  private int entries;
  private int entry;
  private int place;

  /**
   * @param placed the definition level of the innermost repetition above it; 0 where nothing is
   */
  ParquetColumn(PrimitiveNode type, ColumnReader reader, int placed) {
    this.type = type;
    this.reader = reader;
    this.placed = placed;
  }

  String name() {
    return type.name();
  }

  /** Stands before the first entry of the reader's batch. */
  void batch() {
    int[] levels = reader.getDefinitionLevels();
    definitions = levels == null ? NONE : levels;
    levels = reader.getRepetitionLevels();
    repetitions = levels == null ? NONE : levels;
    validity = reader.getLeafValidity();
    entries = entries(levels == null ? definitions : levels);
    dense = reader.getValueCount() < entries;
    entry = 0;
    place = 0;
    read();
  }

  private int entries(int[] levels) {
    return levels.length == 0 ? reader.getValueCount() : levels.length;
  }

  private void read() {
    offsets = NONE;
    values =
        switch (type.type()) {
          case BOOLEAN -> reader.getBooleans();
          case INT32 -> reader.getInts();
          case INT64 -> reader.getLongs();
          case FLOAT -> reader.getFloats();
          case DOUBLE -> reader.getDoubles();
          case INT96, BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY -> {
            offsets = reader.getBinaryOffsets();
            yield reader.getBinaryValues();
          }
        };
  }

  boolean has() {
    return entry < entries;
  }

  /** How far down there is something. */
  int definition() {
    if (definitions.length > 0) {
      return definitions[entry];
    }
    return validity.isNull(entry) ? 0 : type.maxDefinitionLevel();
  }

  /** Whether the entry has no value. */
  boolean isNull() {
    return definition() < type.maxDefinitionLevel();
  }

  /** Which repetition the entry goes on with; 0 begins a row. */
  int repetition() {
    return repetitions.length == 0 ? 0 : repetitions[entry];
  }

  /** Goes behind an entry; its value if it has one must be taken before. */
  void pass() {
    if (!dense || definition() >= placed) {
      place++;
    }
    entry++;
  }

  /** The value of the entry. */
  ParquetLeaf value() {
    Object value =
        switch (values) {
          case boolean[] booleans -> booleans[place];
          case int[] ints -> ints[place];
          case long[] longs -> longs[place];
          case float[] floats -> floats[place];
          case double[] doubles -> doubles[place];
          case byte[] octets -> Arrays.copyOfRange(octets, offsets[place], offsets[place + 1]);
          default -> throw new IllegalStateException("no values: " + values);
        };
    return ParquetLeaf.of(type, value);
  }
}
