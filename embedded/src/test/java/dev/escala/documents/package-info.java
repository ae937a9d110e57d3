/**
 * Holds what people read to what is there: the diagram to the Terraform and to its picture, names
 * and links in the documents to files and tests, the Spanish README to the English one. Needs
 * nothing but the sources.
 */
@NullMarked
package dev.escala.documents;

import org.jspecify.annotations.NullMarked;
