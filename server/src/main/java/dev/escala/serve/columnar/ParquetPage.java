package dev.escala.serve.columnar;

import dev.escala.query.ColumnType.Scalar;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;

/**
 * The values of one column in one group of rows: levels that say what is there, then what is there.
 *
 * @param values how many levels there are
 */
record ParquetPage(Octets octets, int values) {
  /** Of a list: it is null, it is empty, an element is null, an element is there. */
  private static final int NO_LIST = 0;

  private static final int EMPTY = 1;
  private static final int NO_ELEMENT = 2;
  private static final int ELEMENT = 3;

  static ParquetPage of(Vector vector) {
    Octets out = new Octets();
    Vector elements = vector.elements();
    if (elements == null) {
      levels(out, vector.validity(), vector.count(), vector.nulls() == 0);
      values(out, vector);
      return new ParquetPage(out, vector.count());
    }
    int levels = listLevels(out, vector, elements);
    values(out, elements);
    return new ParquetPage(out, levels);
  }

  byte[] head() {
    return head(octets.length());
  }

  /** The same where the page is packed to so many octets. */
  byte[] head(int packed) {
    PageHeader head = new PageHeader(PageType.DATA_PAGE, octets.length(), packed);
    head.setData_page_header(
        new DataPageHeader(values, Encoding.PLAIN, Encoding.RLE, Encoding.RLE));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      Util.writePageHeader(head, out);
    } catch (IOException neverInMemory) {
      throw new UncheckedIOException(neverInMemory);
    }
    return out.toByteArray();
  }

  /** One bit for each: a run where all are there, else the bits as they are. */
  private static void levels(Octets out, Octets bits, int count, boolean areAllThere) {
    Octets run = new Octets();
    if (areAllThere) {
      run.varint(count << 1);
      run.octet(1);
    } else {
      packed(run, bits);
    }
    out.fourOctets(run.length());
    out.octets(run.array(), 0, run.length());
  }

  /** Eight levels of one bit in each octet. */
  private static void packed(Octets run, Octets bits) {
    run.varint((bits.length() << 1) | 1);
    run.octets(bits.array(), 0, bits.length());
  }

  /** First whether a level goes on with the list of the one before, then what is there. */
  private static int listLevels(Octets out, Vector lists, Vector elements) {
    Octets repeated = new Octets();
    Octets defined = new Octets();
    int levels = 0;
    for (int i = 0; i < lists.count(); i++) {
      int begin = lists.begin(i);
      int end = lists.begin(i + 1);
      if (begin == end) {
        level(repeated, defined, levels++, false, lists.isThere(i) ? EMPTY : NO_LIST);
      }
      for (int j = begin; j < end; j++) {
        int there = elements.isThere(j) ? ELEMENT : NO_ELEMENT;
        level(repeated, defined, levels++, j > begin, there);
      }
    }
    levels(out, repeated, levels, false);
    doubled(out, defined);
    return levels;
  }

  private static void level(Octets repeated, Octets defined, int index, boolean goesOn, int there) {
    repeated.bit(index, goesOn);
    defined.bit(2 * index, (there & 1) != 0);
    defined.bit(2 * index + 1, (there & 2) != 0);
  }

  /** Levels of two bits; runs have eight of them, which are two octets, or a multiple of these. */
  private static void doubled(Octets out, Octets bits) {
    bits.zeros(bits.length() % 2);
    Octets run = new Octets();
    run.varint(bits.length() | 1);
    run.octets(bits.array(), 0, bits.length());
    out.fourOctets(run.length());
    out.octets(run.array(), 0, run.length());
  }

  /** Those that are there, one behind the other. */
  private static void values(Octets out, Vector vector) {
    Scalar scalar = vector.type().scalar();
    boolean isAsItIs =
        switch (scalar) {
          case INT4, INT8, FLOAT4, FLOAT8, DATE, TIME, TIMESTAMP, TIMESTAMPTZ -> true;
          case BOOLEAN, INT2, DECIMAL, TEXT, BYTES -> false;
        };
    if (isAsItIs && vector.nulls() == 0) {
      out.octets(vector.values().array(), 0, vector.values().length());
      return;
    }
    Octets bits = new Octets();
    int there = 0;
    for (int i = 0; i < vector.count(); i++) {
      if (vector.isThere(i) && scalar == Scalar.BOOLEAN) {
        bits.bit(there++, ((vector.values().array()[i / 8] >> (i % 8)) & 1) != 0);
      } else if (vector.isThere(i)) {
        value(out, vector, i);
      }
    }
    out.octets(bits.array(), 0, bits.length());
  }

  private static void value(Octets out, Vector vector, int index) {
    byte[] from = vector.values().array();
    int begin = vector.begin(index);
    int length = vector.begin(index + 1) - begin;
    switch (vector.type().scalar()) {
      case BOOLEAN -> throw new IllegalStateException("a bit has no octets");
      case INT2 -> out.fourOctets((from[begin + 1] << 8) | (from[begin] & 0xff));
      case DECIMAL -> {
        for (int i = begin + length - 1; i >= begin; i--) {
          out.octet(from[i]);
        }
      }
      case TEXT, BYTES -> {
        out.fourOctets(length);
        out.octets(from, begin, length);
      }
      case INT4, INT8, FLOAT4, FLOAT8, DATE, TIME, TIMESTAMP, TIMESTAMPTZ ->
          out.octets(from, begin, length);
    }
  }
}
