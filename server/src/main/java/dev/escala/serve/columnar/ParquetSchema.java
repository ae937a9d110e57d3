package dev.escala.serve.columnar;

import dev.escala.query.ColumnType;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.DateType;
import org.apache.parquet.format.DecimalType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.IntType;
import org.apache.parquet.format.ListType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.MicroSeconds;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.StringType;
import org.apache.parquet.format.TimeType;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.TimestampType;
import org.apache.parquet.format.Type;

/** The types of columns as Apache Parquet has them, for readers of today and of old. */
final class ParquetSchema {
  static final String LIST = "list";
  static final String ELEMENT = "element";
  private static final int DECIMAL_OCTETS = 16;

  private ParquetSchema() {}

  static List<SchemaElement> of(List<Column> columns) {
    List<SchemaElement> elements = new ArrayList<>();
    elements.add(new SchemaElement("schema").setNum_children(columns.size()));
    for (Column column : columns) {
      if (column.type().isList()) {
        elements.add(known(list(column.name()), column.id()));
        elements.add(
            new SchemaElement(LIST)
                .setRepetition_type(FieldRepetitionType.REPEATED)
                .setNum_children(1));
        elements.add(known(value(ELEMENT, column.type().element()), column.elementId()));
      } else {
        elements.add(known(value(column.name(), column.type()), column.id()));
      }
    }
    return elements;
  }

  private static SchemaElement known(SchemaElement element, int id) {
    return id == 0 ? element : element.setField_id(id);
  }

  private static SchemaElement list(String name) {
    return new SchemaElement(name)
        .setRepetition_type(FieldRepetitionType.OPTIONAL)
        .setNum_children(1)
        .setConverted_type(ConvertedType.LIST)
        .setLogicalType(LogicalType.LIST(new ListType()));
  }

  static Type physical(ColumnType type) {
    return switch (type.scalar()) {
      case BOOLEAN -> Type.BOOLEAN;
      case INT2, INT4, DATE -> Type.INT32;
      case INT8, TIME, TIMESTAMP, TIMESTAMPTZ -> Type.INT64;
      case FLOAT4 -> Type.FLOAT;
      case FLOAT8 -> Type.DOUBLE;
      case DECIMAL -> Type.FIXED_LEN_BYTE_ARRAY;
      case TEXT, BYTES -> Type.BYTE_ARRAY;
    };
  }

  private static SchemaElement value(String name, ColumnType type) {
    SchemaElement element =
        new SchemaElement(name)
            .setType(physical(type))
            .setRepetition_type(FieldRepetitionType.OPTIONAL);
    return switch (type.scalar()) {
      case BOOLEAN, INT4, INT8, FLOAT4, FLOAT8, BYTES -> element;
      case INT2 ->
          element
              .setConverted_type(ConvertedType.INT_16)
              .setLogicalType(LogicalType.INTEGER(new IntType((byte) 16, true)));
      case DECIMAL -> decimal(element, type);
      case TEXT ->
          element
              .setConverted_type(ConvertedType.UTF8)
              .setLogicalType(LogicalType.STRING(new StringType()));
      case DATE ->
          element
              .setConverted_type(ConvertedType.DATE)
              .setLogicalType(LogicalType.DATE(new DateType()));
      case TIME -> element.setLogicalType(LogicalType.TIME(new TimeType(false, micros())));
      case TIMESTAMP ->
          element.setLogicalType(LogicalType.TIMESTAMP(new TimestampType(false, micros())));
      case TIMESTAMPTZ ->
          element
              .setConverted_type(ConvertedType.TIMESTAMP_MICROS)
              .setLogicalType(LogicalType.TIMESTAMP(new TimestampType(true, micros())));
    };
  }

  private static SchemaElement decimal(SchemaElement element, ColumnType type) {
    return element
        .setType_length(DECIMAL_OCTETS)
        .setConverted_type(ConvertedType.DECIMAL)
        .setPrecision(type.precision())
        .setScale(type.scale())
        .setLogicalType(LogicalType.DECIMAL(new DecimalType(type.scale(), type.precision())));
  }

  private static TimeUnit micros() {
    return TimeUnit.MICROS(new MicroSeconds());
  }
}
