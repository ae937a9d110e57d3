package dev.escala.serve.columnar;

import dev.escala.query.ColumnType;
import dev.escala.query.ColumnType.Scalar;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The values of one column in some rows, as Apache Arrow lays them out: a bit for each that tells
 * whether it is there, offsets where they have lengths, then the values.
 */
final class Vector {
  private final ColumnType type;
  private final Scalars scalars;
  private final Octets validity = new Octets();
  private final @Nullable Octets offsets;
  private final Octets values = new Octets();

  /** Of all lists; null where the values are no lists. */
  private final @Nullable Vector elements;

  private int count;
  private int nulls;

  /** Of a column, whose name errors tell. */
  Vector(String name, ColumnType type) {
    this.type = type;
    this.scalars = new Scalars(name, type);
    this.elements = type.isList() ? new Vector(name, type.element()) : null;
    boolean isLong = type.scalar() == Scalar.TEXT || type.scalar() == Scalar.BYTES;
    this.offsets = type.isList() || isLong ? new Octets() : null;
    clear();
  }

  ColumnType type() {
    return type;
  }

  int count() {
    return count;
  }

  int nulls() {
    return nulls;
  }

  @Nullable Vector elements() {
    return elements;
  }

  /** Whether a value is there, or null stands for it. */
  boolean isThere(int index) {
    return ((validity.array()[index / 8] >> (index % 8)) & 1) != 0;
  }

  Octets validity() {
    return validity;
  }

  /** Where the value begins, and the one before it ends, among octets or elements. */
  int begin(int index) {
    return offsets == null ? index * scalars.width() : offsets.at(4 * index);
  }

  Octets values() {
    return values;
  }

  /** In the order of the format: validity, which may be missing, offsets, values. */
  List<Octets> buffers() {
    Octets own = elements == null ? values : null;
    return Stream.of(validity, offsets, own).<Octets>mapMulti(Vector::present).toList();
  }

  private static void present(@Nullable Octets octets, java.util.function.Consumer<Octets> taken) {
    if (octets != null) {
      taken.accept(octets);
    }
  }

  /** Octets of memory that the values take. */
  int size() {
    int own = validity.length() + values.length() + (offsets == null ? 0 : offsets.length());
    return elements == null ? own : own + elements.size();
  }

  /** Takes the value of the next row, as the driver gives it. */
  void add(@Nullable Object value) {
    validity.bit(count, value != null);
    if (value == null) {
      nulls++;
    }
    if (elements != null) {
      addList(elements, value == null ? new Object[0] : (Object[]) value);
    } else if (type.scalar() == Scalar.BOOLEAN) {
      values.bit(count, value != null && (Boolean) value);
    } else if (value != null) {
      scalars.add(values, value);
    } else if (offsets == null) {
      values.zeros(scalars.width());
    }
    count++;
    end();
  }

  private static void addList(Vector elements, Object[] list) {
    for (Object element : list) {
      elements.add(element);
    }
  }

  /** Where the last value ends, and the next begins. */
  private void end() {
    if (offsets != null) {
      offsets.fourOctets(elements == null ? values.length() : elements.count);
    }
  }

  /** Forgets the last value. */
  void drop() {
    keep(count - 1);
  }

  private void keep(int kept) {
    for (int i = kept; i < count; i++) {
      if (!isThere(i)) {
        nulls--;
      }
    }
    count = kept;
    validity.truncate((kept + 7) / 8);
    if (offsets != null) {
      offsets.truncate(4 * kept + 4);
      int end = offsets.at(4 * kept);
      if (elements == null) {
        values.truncate(end);
      } else {
        elements.keep(end);
      }
    } else if (type.scalar() == Scalar.BOOLEAN) {
      values.truncate((kept + 7) / 8);
    } else {
      values.truncate(kept * scalars.width());
    }
  }

  /** Forgets all values. */
  void clear() {
    count = 0;
    nulls = 0;
    validity.truncate(0);
    values.truncate(0);
    if (elements != null) {
      elements.clear();
    }
    if (offsets != null) {
      offsets.truncate(0);
    }
    end();
  }
}
