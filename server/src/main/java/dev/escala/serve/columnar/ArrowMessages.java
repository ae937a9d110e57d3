package dev.escala.serve.columnar;

import com.google.flatbuffers.FlatBufferBuilder;
import dev.escala.query.ColumnType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.Binary;
import org.apache.arrow.flatbuf.Bool;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.Date;
import org.apache.arrow.flatbuf.DateUnit;
import org.apache.arrow.flatbuf.Decimal;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.Time;
import org.apache.arrow.flatbuf.TimeUnit;
import org.apache.arrow.flatbuf.Timestamp;
import org.apache.arrow.flatbuf.Type;
import org.apache.arrow.flatbuf.Utf8;

/** The metadata of Apache Arrow: what stands before the values, by its own schema. */
final class ArrowMessages {
  private static final int ALIGNED = 8;
  private static final int FIRST = 1024;
  private static final int DECIMAL_BITS = 128;

  private ArrowMessages() {}

  /** How many octets are missing to where the next buffer may begin. */
  static int padding(int length) {
    return -length & (ALIGNED - 1);
  }

  /** Names and types. */
  static FlatBufferBuilder schema(List<Column> columns) {
    FlatBufferBuilder builder = new FlatBufferBuilder(FIRST);
    int[] fields =
        columns.stream().mapToInt(each -> field(builder, each.name(), each.type())).toArray();
    int vector = Schema.createFieldsVector(builder, fields);
    Schema.startSchema(builder);
    Schema.addFields(builder, vector);
    return message(builder, MessageHeader.Schema, Schema.endSchema(builder), 0);
  }

  private static FlatBufferBuilder message(
      FlatBufferBuilder builder, byte kind, int header, long bodyOctets) {
    builder.finish(Message.createMessage(builder, MetadataVersion.V5, kind, header, bodyOctets, 0));
    return builder;
  }

  private static int field(FlatBufferBuilder builder, String name, ColumnType type) {
    int[] elements =
        type.isList() ? new int[] {field(builder, "item", type.element())} : new int[0];
    int children = Field.createChildrenVector(builder, elements);
    int text = builder.createString(name);
    int written = type.isList() ? list(builder) : scalar(builder, type);
    byte kind = type.isList() ? Type.List : kind(type);
    return Field.createField(builder, text, true, kind, written, 0, children, 0);
  }

  private static int list(FlatBufferBuilder builder) {
    org.apache.arrow.flatbuf.List.startList(builder);
    return org.apache.arrow.flatbuf.List.endList(builder);
  }

  private static byte kind(ColumnType type) {
    return switch (type.scalar()) {
      case BOOLEAN -> Type.Bool;
      case INT2, INT4, INT8 -> Type.Int;
      case FLOAT4, FLOAT8 -> Type.FloatingPoint;
      case DECIMAL -> Type.Decimal;
      case TEXT -> Type.Utf8;
      case BYTES -> Type.Binary;
      case DATE -> Type.Date;
      case TIME -> Type.Time;
      case TIMESTAMP, TIMESTAMPTZ -> Type.Timestamp;
    };
  }

  private static int scalar(FlatBufferBuilder builder, ColumnType type) {
    return switch (type.scalar()) {
      case BOOLEAN -> {
        Bool.startBool(builder);
        yield Bool.endBool(builder);
      }
      case INT2 -> Int.createInt(builder, 16, true);
      case INT4 -> Int.createInt(builder, 32, true);
      case INT8 -> Int.createInt(builder, 64, true);
      case FLOAT4 -> FloatingPoint.createFloatingPoint(builder, Precision.SINGLE);
      case FLOAT8 -> FloatingPoint.createFloatingPoint(builder, Precision.DOUBLE);
      case DECIMAL -> Decimal.createDecimal(builder, type.precision(), type.scale(), DECIMAL_BITS);
      case TEXT -> {
        Utf8.startUtf8(builder);
        yield Utf8.endUtf8(builder);
      }
      case BYTES -> {
        Binary.startBinary(builder);
        yield Binary.endBinary(builder);
      }
      case DATE -> Date.createDate(builder, DateUnit.DAY);
      case TIME -> Time.createTime(builder, TimeUnit.MICROSECOND, 64);
      case TIMESTAMP -> Timestamp.createTimestamp(builder, TimeUnit.MICROSECOND, 0);
      case TIMESTAMPTZ ->
          Timestamp.createTimestamp(builder, TimeUnit.MICROSECOND, builder.createString("UTC"));
    };
  }

  /** Where the values of so many rows stand in the body that follows. */
  static FlatBufferBuilder batch(int rows, List<Vector> vectors) {
    FlatBufferBuilder builder = new FlatBufferBuilder(FIRST);
    List<Vector> nodes = new ArrayList<>();
    vectors.forEach(vector -> flatten(vector, nodes));
    List<Octets> buffers = nodes.stream().flatMap(node -> node.buffers().stream()).toList();
    long[] begins = new long[buffers.size() + 1];
    for (int i = 0; i < buffers.size(); i++) {
      int length = buffers.get(i).length();
      begins[i + 1] = begins[i] + length + padding(length);
    }
    RecordBatch.startBuffersVector(builder, buffers.size());
    for (int i = buffers.size() - 1; i >= 0; i--) {
      Buffer.createBuffer(builder, begins[i], buffers.get(i).length());
    }
    int places = builder.endVector();
    RecordBatch.startNodesVector(builder, nodes.size());
    for (Vector node : nodes.reversed()) {
      FieldNode.createFieldNode(builder, node.count(), node.nulls());
    }
    int counts = builder.endVector();
    int batch = RecordBatch.createRecordBatch(builder, rows, counts, places, 0, 0);
    return message(builder, MessageHeader.RecordBatch, batch, begins[buffers.size()]);
  }

  private static void flatten(Vector vector, List<Vector> nodes) {
    nodes.add(vector);
    Vector elements = vector.elements();
    if (elements != null) {
      flatten(elements, nodes);
    }
  }
}
