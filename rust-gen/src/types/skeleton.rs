//! Struct and enum items by typify: the one file that knows it.
//!
//! typify gets a schema in normal form: an object whose properties already have the names of our
//! fields, scalars that it renders as we do, and references for everything else, which it replaces by
//! the type that we say. So none of the schemas that it cannot render, or panics on, ever reaches it.
//! What it gives is a struct with its fields and types; order, docs and attributes are ours, since it
//! sorts fields by name and gives a missing list and an empty one the same value. Where it gives
//! anything else, the item is written here.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use serde_json::{Map, Value};
use syn::visit_mut::VisitMut;

use crate::Cx;

/// A field of a struct.
pub(super) struct Field {
    pub(super) ident: Ident,
    pub(super) docs: TokenStream,
    pub(super) serde: TokenStream,
    pub(super) ty: TokenStream,
    /// The schema of its type, if typify renders it as we do.
    pub(super) plain: Option<Value>,
}

/// A struct, and whether typify made it.
pub(super) fn structure(
    cx: &Cx<'_>,
    name: &Ident,
    docs: &TokenStream,
    attributes: &TokenStream,
    fields: Vec<Field>,
) -> (TokenStream, bool) {
    let visibility = &cx.visibility;
    let made = typify_fields(name, &fields);
    let by_typify = made.is_some();
    let types = made.unwrap_or_else(|| fields.iter().map(|field| field.ty.clone()).collect());
    let fields = fields.iter().zip(types).map(|(field, ty)| {
        let Field { ident, docs, serde, .. } = field;
        quote!(#docs #serde #visibility #ident: #ty)
    });
    let item = quote! {
        #docs
        #attributes
        #visibility struct #name { #(#fields),* }
    };
    (item, by_typify)
}

/// The types that typify gives the fields, in our order.
fn typify_fields(name: &Ident, fields: &[Field]) -> Option<Vec<TokenStream>> {
    let mut settings = typify::TypeSpaceSettings::default();
    let mut definitions = Map::new();
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (at, field) in fields.iter().enumerate() {
        let key = field.ident.to_string();
        let schema = match &field.plain {
            Some(schema) => schema.clone(),
            None => {
                // typify stops the program at a replacement that is no path, such as `()`.
                syn::parse2::<syn::TypePath>(field.ty.clone()).ok()?;
                let reference = format!("Field{at}");
                settings.with_replacement(
                    &reference,
                    field.ty.to_string(),
                    std::iter::empty::<typify::TypeSpaceImpl>(),
                );
                definitions.insert(reference.clone(), serde_json::json!({ "type": "object" }));
                serde_json::json!({ "$ref": format!("#/definitions/{reference}") })
            }
        };
        properties.insert(key.clone(), schema);
        required.push(Value::from(key));
    }
    let schema = serde_json::json!({
        "type": "object",
        "properties": properties,
        "required": required,
    });
    definitions.insert(name.to_string(), schema);
    let definitions =
        serde_json::from_value::<std::collections::BTreeMap<String, _>>(Value::Object(definitions));
    let mut space = typify::TypeSpace::new(&settings);
    space.add_ref_types(definitions.ok()?).ok()?;
    let file: syn::File = syn::parse2(space.to_stream()).ok()?;
    let mut item = file.items.into_iter().find_map(|item| match item {
        syn::Item::Struct(item) if item.ident == *name => Some(item),
        _ => None,
    })?;
    OurPaths.visit_item_struct_mut(&mut item);
    if item.fields.len() != fields.len() {
        return None;
    }
    fields
        .iter()
        .map(|field| {
            let made = item.fields.iter().find(|made| made.ident.as_ref() == Some(&field.ident))?;
            let ty = &made.ty;
            Some(quote!(#ty))
        })
        .collect()
}

/// typify's absolute paths, in the short form of the prelude.
struct OurPaths;

impl VisitMut for OurPaths {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        syn::visit_mut::visit_path_mut(self, path);
        let is_std = path.leading_colon.is_some()
            && path.segments.first().is_some_and(|first| first.ident == "std");
        let last = path.segments.last().map(|last| last.ident.to_string());
        if is_std && matches!(last.as_deref(), Some("String" | "Option" | "Vec" | "Box")) {
            path.leading_colon = None;
            path.segments = path.segments.iter().last().cloned().into_iter().collect();
        }
    }
}
