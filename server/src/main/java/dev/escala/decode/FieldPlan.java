package dev.escala.decode;

/**
 * What becomes of a field of a topic's messages.
 *
 * @param sent its name in the message
 * @param field its name once it is renamed as configured
 * @param name the same without what PostgreSQL cannot store
 * @param key its place in the key; negative where it is no part of it
 * @param time whether it is the event time
 * @param deletes whether it says that its row is to go
 * @param position of the column that it fills; negative where there is none
 * @param policy by which the field is read
 * @param columnPolicy by which the values of its column are read; that of the field without one
 */
record FieldPlan(
    String sent,
    String field,
    String name,
    int key,
    boolean time,
    boolean deletes,
    int position,
    ColumnPolicy policy,
    ColumnPolicy columnPolicy) {}
